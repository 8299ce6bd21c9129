import { join } from "node:path";
import { err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { type DirectoryLock, type FileSystem, lockDirectory, nodeFileSystem, type OpenFile } from "@detente/store";
import type { HitRecord } from "../hit-record.ts";
import { decodeEntry, encodeEntry, type Entry } from "./entry.ts";
import { KeptLists } from "./kept-lists.ts";
import { type OwnFile, ownPath, placeOwn, readOwn } from "./own-file.ts";
import { type HitBatch, readHits } from "./read-hits.ts";
import { orFail, placeIn, RESTORE } from "./state-files.ts";

/** `in-use`: by another process; `broken`: it holds what no version of this software wrote, or not all of it. */
export type StateFault = Fault<"in-use" | "broken" | "unreadable">;

export interface StateOptions {
  /** For tests of what must survive a failing disk. */
  readonly fs?: FileSystem;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const JOURNAL = "hits.jsonl";
const ENTRY = /^[0-9a-f]{32}\.json$/;

/**
 * A directory that remembers how far logs have been screened, and holds the journal of their hits. The order in which
 * it writes makes each hit stand in the journal exactly once, whenever the process or the machine stops: first hits
 * are appended to the journal and synced; then the log's entry is replaced by one that covers them and says how long
 * the journal is with them. What the journal holds beyond that when it is opened is cut off, for it is found again.
 */
export class StateDirectory {
  readonly path: string;
  /** The lists that some part of some log was screened for. */
  readonly lists: KeptLists;
  readonly #fs: FileSystem;
  readonly #lock: DirectoryLock;
  readonly #journal: OpenFile;
  readonly #entries: Map<string, Entry>;
  /** When the directory was made, milliseconds since the epoch. */
  readonly began: number;
  /** Bytes of the journal that were cut off at its beginning: places in it are counted as if they were still there. */
  #cut: number;
  /** Whatever changes the journal's file does so one after another. */
  #turn: Promise<void> = Promise.resolve();
  #length: number;
  #committed: number;
  #nextSerial: number;

  private constructor(
    directory: string,
    fs: FileSystem,
    lock: DirectoryLock,
    journal: OpenFile,
    entries: readonly Entry[],
    { began, cut }: OwnFile,
  ) {
    this.path = directory;
    this.#fs = fs;
    this.lists = new KeptLists(fs, directory);
    this.#lock = lock;
    this.#journal = journal;
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]));
    this.began = began;
    this.#cut = cut;
    this.#committed = entries.reduce((longest, entry) => Math.max(longest, entry.journal), cut);
    this.#length = this.#committed;
    this.#nextSerial = entries.reduce((next, entry) => Math.max(next, entry.serial + 1), 0);
  }

  /** Opens a state directory, or makes one. Two processes cannot have it open at once. */
  static async open(
    directory: string,
    { fs = nodeFileSystem, now = Date.now }: StateOptions = {},
  ): Promise<Result<StateDirectory, StateFault>> {
    const locked = lockDirectory(directory);
    if (!locked.ok) return err(locked.fault.code === "in-use" ? "in-use" : "unreadable", locked.fault.message);
    let journal: OpenFile | undefined;
    let state: StateDirectory | undefined;
    try {
      for (const name of ["inputs", "lists"]) await fs.makeDirectory(join(directory, name));
      const own = await readOwn(fs, directory, now);
      if (own === undefined) return broken(ownPath(directory), "is damaged", RESTORE);
      const entries: Entry[] = [];
      for (const name of await fs.list(join(directory, "inputs"))) {
        const path = join(directory, "inputs", name);
        if (!ENTRY.test(name)) continue;
        const entry = decodeEntry(await fs.readFile(path));
        if (!entry.ok) return broken(path, entry.fault.message, RESTORE);
        entries.push(entry.value);
      }
      const path = join(directory, JOURNAL);
      const size = await fs.size(path);
      journal = await fs.open(path, size === undefined ? "create" : "existing");
      await fs.syncDirectory(directory);
      const opened = new StateDirectory(directory, fs, locked.value, journal, entries, own);
      const kept = opened.#committed - opened.#cut;
      if ((size ?? 0) < kept) {
        const what = `has ${size ?? 0} bytes, though ${kept} were written`;
        return broken(path, what, RESTORE);
      }
      await opened.rollback();
      return ok((state = opened));
    } finally {
      if (state === undefined) {
        await journal?.close();
        locked.value.release();
      }
    }
  }

  /** Where what is kept of the journal ends, in bytes. */
  get committed(): number {
    return this.#committed;
  }

  /** In the order in which they were begun. */
  entries(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.serial - b.serial);
  }

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Higher than the serials of all entries. */
  get nextSerial(): number {
    return this.#nextSerial;
  }

  /** Appends hits to the journal; durable when it resolves, but kept only with the next `commit`. */
  async append(hits: readonly HitRecord<unknown>[]): Promise<void> {
    if (hits.length === 0) return;
    const bytes = utf8(hits.map((hit) => `${JSON.stringify(hit)}\n`).join(""));
    await this.#inTurn(async () => {
      await this.#journal.write(bytes, this.#length - this.#cut);
      await this.#journal.datasync();
      this.#length += bytes.length;
    });
  }

  /** Puts down how far a log has been screened, and with it all hits that were appended; durable when it resolves. */
  async commit(entry: Omit<Entry, "journal">): Promise<Entry> {
    const committed: Entry = { ...entry, journal: this.#length };
    await placeIn(this.#fs, this.path, "inputs", `${entry.id}.json`, encodeEntry(committed));
    this.#entries.set(entry.id, committed);
    this.#nextSerial = Math.max(this.#nextSerial, entry.serial + 1);
    this.#committed = this.#length;
    return committed;
  }

  /** Drops what was appended since the last `commit`. */
  async rollback(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#journal.truncate(this.#committed - this.#cut);
      await this.#journal.datasync();
      this.#length = this.#committed;
    });
  }

  /**
   * Removes the journal's hits, which whoever counts them needs no more; does nothing where there are others than those.
   * First it is put down that they are gone, then they are: a crash in between leaves bytes that are cut off when the
   * directory is opened, as all are that nothing accounts for.
   * @param end where the last of them ends
   */
  async forget(end: number): Promise<void> {
    await this.#inTurn(async () => {
      if (end !== this.#length || end !== this.#committed || end === this.#cut) return;
      await placeOwn(this.#fs, this.path, { began: this.began, cut: end });
      this.#cut = end;
      await this.#journal.truncate(0);
      await this.#journal.datasync();
    });
  }

  /** Removes the lists that no part was screened for any more, but for one. */
  async dropListsBut(version: string): Promise<void> {
    const used = new Set([version, ...this.entries().flatMap(({ parts }) => parts.map(({ list }) => list))]);
    await this.lists.dropAllBut(used);
  }

  /**
   * The hits that are kept, in batches, each with the place in the journal (bytes) where it ends. They stay what they
   * are, so whoever remembers that place together with what he made of them takes each exactly once.
   * @param from 0, or the end of a batch
   */
  hits<Ref>(from: number): AsyncGenerator<HitBatch<Ref>> {
    const journal = {
      read: (length: number, at: number): Promise<Uint8Array> => this.#journal.read(length, at - this.#cut),
    };
    return readHits(journal, Math.max(from, this.#cut), () => this.#committed);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    this.#lock.release();
  }

  async #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => orFail(this.path, write));
    this.#turn = turn.catch(() => undefined);
    await turn;
  }
}

function broken(path: string, what: string, remedy: string): Result<never, StateFault> {
  return err("broken", `${path}: ${what} — ${remedy}`);
}
