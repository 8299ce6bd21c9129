import { type Bytes, err, type Fault, ok, type Result, sha256, toHex, utf8 } from "@detente/basics";
import { type Audience, audienceKey, charterDigest } from "@detente/record";
import { leafHash, MemoryTree } from "@detente/tlog";
import { type BundleLine, MAX_LINE, parseBundleLine } from "./bundle-format.ts";
import { type Line, LineCutter } from "./bundle-lines.ts";
import { type BundleProblem, type CheckedLog, checkLog } from "./bundle-log.ts";
import { createFold, type Fold, type ViewDigest } from "./fold.ts";
import type { StatementCounts } from "./statement-report.ts";

/** What a record file says, as far as it holds. */
export interface BundleReport {
  readonly unit: string;
  readonly audience: Audience;
  /** Names of the present parties. */
  readonly parties: readonly string[];
  readonly logs: readonly CheckedLog[];
  readonly counts: StatementCounts;
  /** SHA-256 of the blobs in the file, in hexadecimal. */
  readonly blobs: readonly string[];
  /** Of the unit's view, to be compared with what a station says at the same heads. */
  readonly digest: ViewDigest;
  /** Of the audience's view, where the file is for a narrower one. */
  readonly audienceDigest: ViewDigest | undefined;
  /** The file is good if there is none. */
  readonly problems: readonly BundleProblem[];
  /** For whoever wants to know more: things, positions, statuses. */
  readonly fold: Fold;
}

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
  const cutter = new LineCutter(MAX_LINE);
  const bundle = new Bundle(unit);
  for await (const chunk of file) {
    for (const line of cutter.push(chunk)) {
      const refused = bundle.read(line);
      if (!refused.ok) return refused;
    }
  }
  for (const line of cutter.end()) {
    const refused = bundle.read(line);
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

  /** Reads the next line; an error where nothing that follows could be judged. */
  read(text: Line): Result<void, BundleFault> {
    const line = parseBundleLine(text);
    const number = ++this.#number;
    if (this.#reader !== undefined) this.#reader.read(number, line.ok ? line.value : undefined);
    else if (!line.ok) return err("not-a-record", `line ${number}: ${line.fault.message}`);
    else return this.#begin(number, line.value);
    return ok(undefined);
  }

  report(): Result<BundleReport, BundleFault> {
    return this.#reader === undefined
      ? err("not-a-record", "the file ends before its charter")
      : ok(this.#reader.report());
  }

  #begin(number: number, line: BundleLine): Result<void, BundleFault> {
    if (line.form === "header" && number === 1) {
      if (this.#unit !== undefined && line.unit !== this.#unit)
        return err("other-unit", `line 1: the record is of ${line.unit}`);
      this.#claimed = line.unit;
      this.#audience = line.audience;
      return ok(undefined);
    }
    if (line.form !== "charter" || this.#audience === undefined)
      return err("not-a-record", `line ${number}: a record begins with its header and its charter`);
    const { charter } = line;
    if (charter.base !== undefined || charterDigest(charter) !== this.#claimed)
      return err("other-unit", "line 2: not the founding charter that the header names");
    this.#reader = new BundleReader(this.#audience, (rootAt) => createFold({ genesis: charter, rootAt }));
    return ok(undefined);
  }
}

class BundleReader {
  readonly #audience: Audience;
  readonly #fold: Fold;
  readonly #trees = new Map<string, MemoryTree>();
  readonly #checkpoints: { readonly log: string; readonly checkpoint: Bytes }[] = [];
  readonly #blobs: string[] = [];
  readonly #problems: BundleProblem[] = [];
  #log: string | undefined;
  #isEnded = false;

  constructor(audience: Audience, fold: (rootAt: (log: string, size: number) => Bytes | undefined) => Fold) {
    this.#audience = audience;
    this.#fold = fold((log, size) => this.#trees.get(log)?.root(size));
  }

  read(number: number, line: BundleLine | undefined): void {
    if (line === undefined) {
      this.#problems.push({ code: "malformed-line", message: `line ${number}: not a line of a record file` });
    } else if (this.#isEnded) {
      this.#outOfPlace(number, "comes after the end");
    } else if (line.form === "log") {
      this.#begin(number, line.log, utf8(line.checkpoint));
    } else if (line.form === "entry") {
      this.#add(number, line.bytes);
    } else if (line.form === "body") {
      this.#fold.addBody(line.bytes);
    } else if (line.form === "blob") {
      this.#blobs.push(toHex(sha256(line.bytes)));
    } else if (line.form === "end") {
      this.#isEnded = true;
      if (line.lines !== number - 1) this.#outOfPlace(number, `the end of a file of ${line.lines} lines`);
    } else {
      this.#outOfPlace(number, "a second header or charter");
    }
  }

  report(): BundleReport {
    if (!this.#isEnded) this.#problems.push({ code: "truncated", message: "the file has no end: lines are missing" });
    const fold = this.#fold;
    const logs = this.#checkpoints.map(({ log, checkpoint }) =>
      checkLog(fold, log, checkpoint, this.#trees.get(log) ?? new MemoryTree(), this.#problems),
    );
    const named = new Set(logs.map(({ origin }) => origin));
    for (const { origin, name } of fold.members()) {
      if (!named.has(origin))
        this.#problems.push({ code: "missing-log", message: `the log of ${name}, ${origin}, is not in the file` });
    }
    const view = audienceKey(this.#audience);
    return {
      unit: fold.unit,
      audience: this.#audience,
      parties: fold.members().flatMap(({ name, present }) => (present ? [name] : [])),
      logs,
      counts: fold.counts(),
      blobs: this.#blobs,
      digest: fold.viewDigest(),
      audienceDigest: view === "unit" ? undefined : fold.viewDigest(view),
      problems: this.#problems,
      fold,
    };
  }

  #begin(number: number, log: string, checkpoint: Bytes): void {
    this.#log = undefined;
    if (this.#trees.has(log)) {
      this.#outOfPlace(number, "the same log a second time");
      return;
    }
    this.#log = log;
    this.#trees.set(log, new MemoryTree());
    this.#checkpoints.push({ log, checkpoint });
  }

  #add(number: number, leaf: Bytes): void {
    const log = this.#log;
    const tree = log === undefined ? undefined : this.#trees.get(log);
    if (log === undefined || tree === undefined) {
      this.#outOfPlace(number, "an entry of no log");
      return;
    }
    const index = tree.size;
    const hash = leafHash(leaf);
    tree.append(hash);
    this.#fold.add({ log, index, leaf, leafHash: hash });
  }

  #outOfPlace(number: number, what: string): void {
    this.#problems.push({ code: "out-of-place", message: `line ${number}: ${what}` });
  }
}
