import { assert, type Bytes, fromHex, present, toHex } from "@detente/basics";
import { type CharterDocument, type Head, isHeadsLeaf, parseLeaf } from "@detente/record";
import type { BodyReader, LogReader } from "@detente/store";
import { leafHash } from "@detente/tlog";
import { createFold, type Fold } from "@detente/unit";

/** An entry of the record as the fold has just taken it in. */
export interface Arrival {
  /** The log's origin. */
  readonly log: string;
  readonly index: number;
  readonly leafHash: Bytes;
  /** SHA-256 of the body in hex; undefined where there is none. */
  readonly digest: string | undefined;
  readonly sealed: boolean;
  /** The author's claim; undefined where the entry is no leaf of ours. */
  readonly at: number | undefined;
  readonly type: string | undefined;
  /** What an observation of heads says. */
  readonly heads: readonly Head[];
}

export interface ArchiveListener {
  /** Entries that are new here, in the order of their log. Bodies that were at hand are in the fold already. */
  arrived(entries: readonly Arrival[]): Promise<void>;
}

/** Entries between two looks at what else there is to do. */
const CHUNK = 512;

/** All parties' logs as this station holds them, and the fold over them. */
export class Archive {
  readonly fold: Fold;
  readonly #logs = new Map<string, LogReader>();
  readonly #folded = new Map<string, number>();
  readonly #bodies: BodyReader;
  readonly #listener: ArchiveListener;
  #advancing: Promise<void> = Promise.resolve();

  constructor(genesis: CharterDocument, bodies: BodyReader, listener: ArchiveListener) {
    this.#bodies = bodies;
    this.#listener = listener;
    this.fold = createFold({ genesis, rootAt: (log, size) => this.#logs.get(log)?.rootAt(size) });
  }

  /** Puts a log under the archive; `advance` then reads it. */
  attach(origin: string, log: LogReader): void {
    assert(!this.#logs.has(origin), `${origin} is attached once`);
    this.#logs.set(origin, log);
    this.#folded.set(origin, 0);
  }

  log(origin: string): LogReader | undefined {
    return this.#logs.get(origin);
  }

  origins(): string[] {
    return [...this.#logs.keys()];
  }

  /** How many entries of a log the fold has taken in. */
  foldedSize(origin: string): number {
    return this.#folded.get(origin) ?? 0;
  }

  /** Gives the fold what is new under a log's head. One at a time, in the order of the calls. */
  advance(origin: string): Promise<void> {
    const advanced = this.#advancing.then(() => this.#advance(origin));
    this.#advancing = advanced.catch(() => undefined);
    return advanced;
  }

  /** Resolves when nothing is being taken in. */
  async settled(): Promise<void> {
    await this.#advancing;
  }

  async #advance(origin: string): Promise<void> {
    const log = present(this.#logs.get(origin), `the log ${origin}`);
    for (let from = this.foldedSize(origin); from < log.size; from = this.foldedSize(origin)) {
      const to = Math.min(from + CHUNK, log.size);
      const arrivals: Arrival[] = [];
      let index = from;
      for await (const leaf of log.entries(from, to)) arrivals.push(await this.#take(origin, index++, leaf));
      await this.#listener.arrived(arrivals);
    }
  }

  async #take(origin: string, index: number, leaf: Bytes): Promise<Arrival> {
    const parsed = parseLeaf(leaf);
    const hash = leafHash(leaf);
    const statement = parsed.ok && !isHeadsLeaf(parsed.value) ? parsed.value : undefined;
    const digest = statement === undefined ? undefined : present(fromHex(statement.body), "a digest in hex");
    const body = digest !== undefined && this.#bodies.has(digest) ? await this.#bodies.get(digest) : undefined;
    this.fold.add({ log: origin, index, leaf, leafHash: hash, ...(body === undefined ? {} : { body }) });
    this.#folded.set(origin, index + 1);
    return {
      log: origin,
      index,
      leafHash: hash,
      digest: digest === undefined ? undefined : toHex(digest),
      sealed: statement?.type === "sealed",
      at: parsed.ok ? parsed.value.at : undefined,
      type: parsed.ok ? parsed.value.type : undefined,
      heads: parsed.ok && isHeadsLeaf(parsed.value) ? parsed.value.heads : [],
    };
  }
}
