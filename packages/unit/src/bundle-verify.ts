import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { type Audience, charterDigest } from "@detente/record";
import { BundlePacker } from "./bundle-packer.ts";
import { BundleReader, type BundleReport } from "./bundle-reader.ts";
import { PackReader } from "./pack-reader.ts";
import type { PackedLine, PackedLines } from "./packed-lines.ts";

export type BundleFault = Fault<
  /** It does not begin as a record file does. */
  | "not-a-record"
  /** It is another unit's, or its charter is not the one that its header names. */
  | "other-unit"
>;

/**
 * Verifies a record file offline: every log against its signed checkpoint, whose cosignatures it names, every body
 * against the leaves, and all rules by folding it. Nothing in the file is trusted but what follows from the unit's id.
 * @param file its bytes, in chunks of any size
 * @param unit the unit's id, where the reader knows it; otherwise compare the report's with what you were told
 */
export async function verifyBundle(
  file: Iterable<Bytes> | AsyncIterable<Bytes>,
  unit?: string,
): Promise<Result<BundleReport, BundleFault>> {
  return verifyPacked(packsOf(file), unit);
}

async function* packsOf(file: Iterable<Bytes> | AsyncIterable<Bytes>): AsyncGenerator<PackedLines, void, void> {
  const packer = new BundlePacker();
  for await (const chunk of file) yield packer.push(chunk);
  yield packer.end();
}

/** As `verifyBundle`, for a file that a `BundlePacker` went over, perhaps in another thread. */
export async function verifyPacked(
  packs: AsyncIterable<PackedLines>,
  unit?: string,
): Promise<Result<BundleReport, BundleFault>> {
  const bundle = new Bundle(unit);
  for await (const pack of packs) {
    const refused = bundle.read(pack);
    if (!refused.ok) return refused;
  }
  return bundle.report();
}

/** A record file as it is read: what it begins with says by which charter the rest is judged. */
class Bundle {
  readonly #unit: string | undefined;
  #claimed: string | undefined;
  #audience: Audience | undefined;
  #reader: BundleReader | undefined;
  #number = 0;

  constructor(unit: string | undefined) {
    this.#unit = unit;
  }

  /** Reads the next lines; an error where nothing that follows could be judged. */
  read(pack: PackedLines): Result<void, BundleFault> {
    for (const lines = new PackReader(pack); !lines.isAtEnd;) {
      const line = lines.next();
      const number = ++this.#number;
      if (this.#reader === undefined) {
        const begun = this.#begin(number, line);
        if (!begun.ok) return begun;
      } else this.#reader.read(number, line);
    }
    return ok(undefined);
  }

  report(): Result<BundleReport, BundleFault> {
    return this.#reader === undefined
      ? err("not-a-record", "the file ends before its charter")
      : ok(this.#reader.report());
  }

  #begin(number: number, packed: PackedLine): Result<void, BundleFault> {
    if (packed.form === "other" && !packed.line.ok) {
      return err("not-a-record", `line ${number}: ${packed.line.fault.message}`);
    }
    const line = packed.form === "other" && packed.line.ok ? packed.line.value : undefined;
    if (line?.form === "header" && number === 1) {
      if (this.#unit !== undefined && line.unit !== this.#unit)
        return err("other-unit", `line 1: the record is of ${line.unit}`);
      this.#claimed = line.unit;
      this.#audience = line.audience;
      return ok(undefined);
    }
    if (line?.form !== "charter" || this.#audience === undefined)
      return err("not-a-record", `line ${number}: a record begins with its header and its charter`);
    const { charter } = line;
    if (charter.base !== undefined || charterDigest(charter) !== this.#claimed)
      return err("other-unit", "line 2: not the founding charter that the header names");
    this.#reader = new BundleReader(this.#audience, charter);
    return ok(undefined);
  }
}
