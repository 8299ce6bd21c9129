import { type Bytes, toHex, utf8 } from "@detente/basics";
import { type Audience, audienceKey, type CharterDocument } from "@detente/record";
import { MemoryTree } from "@detente/tlog";
import type { BundleLine } from "./bundle-format.ts";
import { type BundleProblem, type CheckedLog, checkLog } from "./bundle-log.ts";
import type { Engine } from "./engine.ts";
import { type Fold, openFold, type ViewDigest } from "./fold.ts";
import type { RootAt } from "./observatory.ts";
import type { PackedLine } from "./packed-lines.ts";
import type { LeafReading } from "./reading.ts";
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

/** What follows the header and the charter of a record file: judges it line by line. */
export class BundleReader {
  readonly #audience: Audience;
  readonly #fold: Fold;
  readonly #engine: Engine;
  readonly #trees = new Map<string, MemoryTree>();
  readonly #checkpoints: { readonly log: string; readonly checkpoint: Bytes }[] = [];
  readonly #blobs: string[] = [];
  readonly #problems: BundleProblem[] = [];
  /** The log that entries are of. */
  #log: { readonly origin: string; readonly tree: MemoryTree } | undefined;
  #isEnded = false;

  constructor(audience: Audience, genesis: CharterDocument) {
    this.#audience = audience;
    const rootAt: RootAt = (log, size) => this.#trees.get(log)?.root(size);
    ({ fold: this.#fold, engine: this.#engine } = openFold({ genesis, rootAt }));
  }

  read(number: number, packed: PackedLine): void {
    if (packed.form === "other" && !packed.line.ok) {
      this.#problems.push({ code: "malformed-line", message: `line ${number}: not a line of a record file` });
    } else if (this.#isEnded) {
      this.#outOfPlace(number, "comes after the end");
    } else if (packed.form === "entry") {
      this.#add(number, packed.leafHash, packed.reading);
    } else if (packed.form === "body") {
      this.#engine.addReadBody(packed.digest, packed.reading);
    } else if (packed.form === "blob") {
      this.#blobs.push(toHex(packed.digest));
    } else if (packed.line.ok) {
      this.#readOther(number, packed.line.value);
    }
  }

  #readOther(number: number, line: BundleLine): void {
    if (line.form === "log") {
      this.#begin(number, line.log, utf8(line.checkpoint));
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
    const tree = new MemoryTree();
    this.#log = { origin: log, tree };
    this.#trees.set(log, tree);
    this.#checkpoints.push({ log, checkpoint });
  }

  #add(number: number, leafHash: Bytes, reading: LeafReading): void {
    if (this.#log === undefined) {
      this.#outOfPlace(number, "an entry of no log");
      return;
    }
    const { origin, tree } = this.#log;
    const index = tree.size;
    tree.append(leafHash);
    this.#engine.addRead({ log: origin, index, leafHash, reading });
  }

  #outOfPlace(number: number, what: string): void {
    this.#problems.push({ code: "out-of-place", message: `line ${number}: ${what}` });
  }
}
