import { assert, type Bytes, equalBytes, err, ok, present, type Result } from "@detente/basics";
import { encodeEntryBundle, type HashReader, leafHash, TILE_WIDTH } from "@detente/tlog";
import { StorageError, type StorageFault, storageFailed } from "../faults.ts";
import type { CommitFault, LogHead, LogWriter, OpenFault, StagedTree, StageFault } from "../ports.ts";
import { BundleFiles } from "./bundle-files.ts";
import { type FileSystem, nodeFileSystem } from "./file-system.ts";
import { Journal, type JournalRecord } from "./journal.ts";
import { type LogFiles, openLogFiles } from "./log-files.ts";
import { publish } from "./publish.ts";
import { Serial } from "./serial.ts";
import { setAside } from "./set-aside.ts";
import type { StoredTree } from "./stored-tree.ts";

/** The longest entry that an entry bundle can hold (tlog-tiles: a u16 length). */
const MAX_ENTRY_BYTES = 65_535;
/** A journal that has grown by this much is rotated though few entries were added to it. */
const ROTATE_BYTES = 16 * 1024 * 1024;

export interface LogStoreOptions {
  /** The log's own directory; made where it is missing. */
  readonly directory: string;
  /**
   * What to do with entries that no head covers, when the log is opened: one's own were never promised to anybody and
   * are dropped; a mirror's were proven before they were staged and are kept, so that an upload can go on.
   */
  readonly staged: "drop" | "keep";
  readonly fs?: FileSystem;
  /** Full bundles to gather before they are written as files; 16 by default. */
  readonly publishEvery?: number;
  /** Memory for tiles read from files, and as much again for bundles; 64 MiB by default: all proofs of 10^6 entries. */
  readonly cacheBytes?: number;
}

/**
 * An append-only log on disk, one's own or a mirror of another's. Entries are staged, then a head covers them: two
 * writes, two fdatasyncs, whatever the batch. Nothing under a head is ever taken back. After a write that failed the
 * store refuses all further ones: what the disk holds is known again only when it is opened anew.
 */
export class LogStore implements LogWriter {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #publishEvery: number;
  readonly #writes = new Serial();
  readonly #bundles: BundleFiles;
  readonly #tree: StoredTree;
  /** The entries from `#journal.first` on. */
  readonly #tail: Bytes[];
  #journal: Journal;
  #head: LogHead | undefined;
  #failure: StorageFault | undefined;
  #closed = false;
  #publishing: Promise<void> | undefined;

  private constructor(options: LogStoreOptions, fs: FileSystem, files: LogFiles, cacheBytes: number) {
    this.#fs = fs;
    this.#directory = options.directory;
    this.#publishEvery = options.publishEvery ?? 16;
    this.#bundles = new BundleFiles(fs, options.directory, cacheBytes);
    this.#tree = files.tree;
    this.#tail = files.tail;
    this.#journal = files.journal;
    this.#head = files.head;
  }

  /** Opens a log, a new one where there is none. `corrupt` where what had been durable is not there as it was written. */
  static async open(options: LogStoreOptions): Promise<Result<LogStore, OpenFault>> {
    const fs = options.fs ?? nodeFileSystem;
    const cacheBytes = options.cacheBytes ?? 64 * 1024 * 1024;
    try {
      const files = await openLogFiles(fs, options.directory, cacheBytes);
      if (!files.ok) return files;
      const log = new LogStore(options, fs, files.value, cacheBytes);
      if (options.staged === "drop") {
        const dropped = await log.discardStaged();
        if (!dropped.ok) return err("storage-failed", dropped.fault.message);
      }
      log.#publishWhenDue();
      return ok(log);
    } catch (error) {
      if (error instanceof StorageError) return { ok: false, fault: error.fault };
      return storageFailed(`opening ${options.directory}`, error);
    }
  }

  get head(): LogHead | undefined {
    return this.#head;
  }

  get size(): number {
    return this.#head?.size ?? 0;
  }

  get stagedSize(): number {
    return this.#tree.size;
  }

  /** Why the store takes no more writes; `undefined` while it does. */
  get failure(): StorageFault | undefined {
    return this.#failure;
  }

  stage(entries: readonly Bytes[]): Promise<Result<StagedTree, StageFault>> {
    for (const entry of entries) assert(entry.length <= MAX_ENTRY_BYTES, `an entry of ${entry.length} bytes`);
    return this.#write(async () => {
      if (entries.length > 0) {
        // Copies: what is kept must not change with the caller's buffers, nor keep a whole request alive.
        const kept = entries.map((entry) => new Uint8Array(entry));
        const durable = this.#journal.append(kept.map((entry) => ({ is: "entry", entry })));
        const hashes = kept.map((entry) => leafHash(entry)); // while the disk is busy
        await durable;
        for (const entry of kept) this.#tail.push(entry);
        for (const hash of hashes) this.#tree.append(hash);
      }
      return ok({ size: this.stagedSize, root: this.rootAt(this.stagedSize) });
    });
  }

  discardStaged(): Promise<Result<void, StageFault>> {
    return this.#write(async () => {
      if (this.stagedSize > this.size) {
        await this.#journal.append([{ is: "discard" }]);
        this.#tree.truncate(this.size);
        this.#tail.length = this.size - this.#journal.first;
      }
      return ok(undefined);
    });
  }

  commitHead(head: LogHead, expectedSize: number): Promise<Result<void, CommitFault>> {
    return this.#write(async () => {
      const refusal = this.#refusal(head, expectedSize);
      if (refusal !== undefined) return refusal;
      const kept = { size: head.size, root: new Uint8Array(head.root), note: new Uint8Array(head.note) };
      await this.#journal.append([{ is: "head", head: kept }]);
      this.#head = kept;
      this.#publishWhenDue();
      return ok(undefined);
    });
  }

  async entry(index: number): Promise<Bytes> {
    assert(index >= 0 && index < this.size, `entry ${index} of ${this.size}`);
    const entries = await this.#entriesFrom(Math.floor(index / TILE_WIDTH));
    return present(entries[index % TILE_WIDTH], `entry ${index}`);
  }

  async *entries(from: number, to: number): AsyncGenerator<Bytes, void, undefined> {
    assert(from >= 0 && to <= this.size, `entries ${from}..${to} of ${this.size}`);
    for (let at = from; at < to;) {
      const bundle = Math.floor(at / TILE_WIDTH);
      const end = Math.min(to, (bundle + 1) * TILE_WIDTH);
      const start = bundle * TILE_WIDTH;
      for (const entry of (await this.#entriesFrom(bundle)).slice(at - start, end - start)) yield entry;
      at = end;
    }
  }

  hashReader(size: number): HashReader {
    return this.#tree.reader(size);
  }

  rootAt(size: number): Bytes {
    return this.#tree.root(size);
  }

  async tile(level: number, index: number, width: number): Promise<Bytes | undefined> {
    return this.#tree.tile(this.size, level, index, width);
  }

  async entryBundle(index: number, width: number): Promise<Bytes | undefined> {
    if (index * TILE_WIDTH + width > this.size) return undefined;
    return encodeEntryBundle((await this.#entriesFrom(index)).slice(0, width));
  }

  /** Resolves once no publishing is under way. */
  async settled(): Promise<void> {
    while (this.#publishing !== undefined) await this.#publishing;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.#writes.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      await this.#journal.close();
    });
    // A head committed in between may have begun to publish; that ends without a rotation.
    await this.settled();
  }

  /**
   * Moves the whole log aside as evidence, below `evidence`, and closes the store; gives the new place. A log opened
   * at the old place afterwards is new and empty. Nothing is deleted or rewound.
   */
  async setAside(evidence: string, reason: string): Promise<Result<string, StorageFault>> {
    await this.close();
    return setAside(this.#fs, this.#directory, evidence, reason);
  }

  #refusal(head: LogHead, expectedSize: number): Result<never, CommitFault> | undefined {
    const place = `a head of size ${head.size}`;
    if (this.size !== expectedSize) return err("stale-head", `the head is at ${this.size}, not at ${expectedSize}`);
    if (head.size < this.size) return err("rewind", `${place} is below the current one of ${this.size}`);
    if (head.size > this.stagedSize)
      return err("not-staged", `${place} covers more than the ${this.stagedSize} entries`);
    if (equalBytes(head.root, this.rootAt(head.size))) return undefined;
    return err("conflicting-root", `${place} has another root than the entries here`);
  }

  /** The entries of a bundle, as far as it goes; those beyond the head included. */
  async #entriesFrom(bundle: number): Promise<readonly Bytes[]> {
    const start = bundle * TILE_WIDTH - this.#journal.first;
    if (start >= 0) return this.#tail.slice(start, start + TILE_WIDTH);
    return this.#bundles.read(bundle, this.hashReader(this.size));
  }

  #publishWhenDue(): void {
    const full = Math.floor((this.size - this.#journal.first) / TILE_WIDTH);
    if (this.#publishing !== undefined || this.#failure !== undefined || this.#closed) return;
    if (full < this.#publishEvery && this.#journal.growth < ROTATE_BYTES) return;
    this.#publishing = this.#publishFull().finally(() => {
      this.#publishing = undefined;
      this.#publishWhenDue();
    });
  }

  async #publishFull(): Promise<void> {
    const { first } = this.#journal;
    const upTo = this.size - (this.size % TILE_WIDTH);
    const entriesOf = (bundle: number): readonly Bytes[] =>
      this.#tail.slice(bundle * TILE_WIDTH - first, (bundle + 1) * TILE_WIDTH - first);
    try {
      await publish(this.#fs, this.#directory, first, upTo, this.#tree, entriesOf);
    } catch (error) {
      this.#failure ??= storageFailed(`publishing in ${this.#directory}`, error).fault;
      return;
    }
    await this.#write(() => this.#rotate(upTo));
  }

  /** Goes on in a new journal that begins at `first`; all before it has been published. */
  async #rotate(first: number): Promise<Result<void, never>> {
    const old = this.#journal;
    const dropped = first - old.first;
    const covered = this.size - old.first;
    const entry = (bytes: Bytes): JournalRecord => ({ is: "entry", entry: bytes });
    const snapshot: JournalRecord[] = this.#tail.slice(dropped, covered).map(entry);
    if (this.#head !== undefined) snapshot.push({ is: "head", head: this.#head });
    snapshot.push(...this.#tail.slice(covered).map(entry));
    this.#journal = await Journal.create(this.#fs, this.#directory, first, snapshot);
    this.#tail.splice(0, dropped);
    this.#tree.dropBelow(first);
    await old.close();
    if (old.path !== this.#journal.path) await this.#fs.remove(old.path);
    return ok(undefined);
  }

  async #write<T, F extends StageFault | CommitFault>(
    task: () => Promise<Result<T, F>>,
  ): Promise<Result<T, F | StageFault>> {
    return this.#writes.run(async () => {
      if (this.#closed) return err("closed", `${this.#directory} is closed`);
      if (this.#failure !== undefined) return { ok: false, fault: this.#failure };
      try {
        return await task();
      } catch (error) {
        const failed = storageFailed(`writing ${this.#directory}`, error);
        this.#failure = failed.fault;
        return failed;
      }
    });
  }
}
