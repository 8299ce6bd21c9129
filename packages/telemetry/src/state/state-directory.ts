import { join } from "node:path";
import { err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import {
  type DirectoryLock,
  type FileSystem,
  lockDirectory,
  nodeFileSystem,
  type OpenFile,
  placeFile,
} from "@detente/store";
import { unreadable } from "../faults.ts";
import type { HitRecord } from "../hit-record.ts";
import { IndicatorKeys } from "../watch-list/indicator-keys.ts";
import { decodeEntry, encodeEntry, type Entry } from "./entry.ts";
import { type HitBatch, readHits } from "./read-hits.ts";

/** The state could not be read or written: what it holds stays, and the same run can go on from there once it can. */
export class StateFailed extends Error {}

/** `in-use`: by another process; `broken`: it holds what no version of this software wrote, or not all of it. */
export type StateFault = Fault<"in-use" | "broken" | "unreadable">;

export interface StateOptions {
  /** For tests of what must survive a failing disk. */
  readonly fs?: FileSystem;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const JOURNAL = "hits.jsonl";
const STATE = "state.json";
const RESTORE = "restore it, or begin anew with another directory";
const ENTRY = /^[0-9a-f]{32}\.json$/;

/**
 * A directory that remembers how far logs have been screened, and holds the journal of their hits. The order in which
 * it writes makes each hit stand in the journal exactly once, whenever the process or the machine stops: first hits
 * are appended to the journal and synced; then the log's entry is replaced by one that covers them and says how long
 * the journal is with them. What the journal holds beyond that when it is opened is cut off, for it is found again.
 */
export class StateDirectory {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #lock: DirectoryLock;
  readonly #journal: OpenFile;
  readonly #entries: Map<string, Entry>;
  readonly #lists = new Map<string, IndicatorKeys>();
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
    { began, cut }: Own,
  ) {
    this.path = directory;
    this.#fs = fs;
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
      if (own === undefined) return broken(join(directory, STATE), "is damaged", RESTORE);
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
    await this.#place("inputs", `${entry.id}.json`, encodeEntry(committed));
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

  /** Keeps a list's keys, so that a later list can be compared with it. */
  async keepList(keys: IndicatorKeys): Promise<void> {
    if (this.#lists.has(keys.version)) return;
    const name = `${keys.version}.keys`;
    if (!(await this.#fs.list(join(this.path, "lists"))).includes(name)) {
      await this.#place("lists", name, keys.encode());
    }
    this.#lists.set(keys.version, keys);
  }

  /** The keys of a list that some part of some log was screened for. */
  async list(version: string): Promise<IndicatorKeys> {
    const known = this.#lists.get(version);
    if (known !== undefined) return known;
    const path = join(this.path, "lists", `${version}.keys`);
    const size = await this.#fs.size(path);
    const keys = size === undefined ? undefined : IndicatorKeys.decode(await this.#fs.readFile(path));
    if (keys?.ok !== true || keys.value.version !== version) {
      throw new StateFailed(`${path}: is missing or damaged — ${RESTORE}`);
    }
    this.#lists.set(version, keys.value);
    return keys.value;
  }

  /** Removes the lists that no part was screened for any more, but for one. */
  async dropListsBut(version: string): Promise<void> {
    const used = new Set([version, ...this.entries().flatMap(({ parts }) => parts.map(({ list }) => list))]);
    for (const name of await this.#fs.list(join(this.path, "lists"))) {
      if (used.has(name.replace(/\.keys$/, ""))) continue;
      await this.#fs.remove(join(this.path, "lists", name));
    }
    for (const known of this.#lists.keys()) if (!used.has(known)) this.#lists.delete(known);
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

  async #place(directory: string, name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.path, directory, name);
    await this.#orFail(async () => {
      await placeFile(this.#fs, `${path}.tmp`, path, bytes);
      await this.#fs.syncDirectory(join(this.path, directory));
    });
  }

  async #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => this.#orFail(write));
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  async #orFail(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw new StateFailed(unreadable(this.path, error).fault.message, { cause: error });
    }
  }
}

/** What the directory's own file holds: `{"v":1,"began":…}`, and `"cut":…` where something was cut off the journal. */
interface Own {
  readonly began: number;
  readonly cut: number;
}

/** Undefined where it is not that. */
async function readOwn(fs: FileSystem, directory: string, now: () => number): Promise<Own | undefined> {
  const path = join(directory, STATE);
  if ((await fs.size(path)) === undefined) {
    const own = { began: now(), cut: 0 };
    await placeOwn(fs, directory, own);
    return own;
  }
  const text = Buffer.from(await fs.readFile(path)).toString();
  const [, began, cut = "0"] = /^\{"v":1,"began":([0-9]{1,16})(?:,"cut":([0-9]{1,16}))?\}\n$/.exec(text) ?? [];
  return began === undefined ? undefined : { began: Number(began), cut: Number(cut) };
}

async function placeOwn(fs: FileSystem, directory: string, { began, cut }: Own): Promise<void> {
  const path = join(directory, STATE);
  await placeFile(fs, `${path}.tmp`, path, utf8(`${JSON.stringify({ v: 1, began, ...(cut > 0 && { cut }) })}\n`));
  await fs.syncDirectory(directory);
}

function broken(path: string, what: string, remedy: string): Result<never, StateFault> {
  return err("broken", `${path}: ${what} — ${remedy}`);
}
