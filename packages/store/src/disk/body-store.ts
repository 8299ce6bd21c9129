import { assert, type Bytes, equalBytes, err, ok, type Result, sha256, toHex } from "@detente/basics";
import { corrupt, StorageError, type StorageFault, storageFailed } from "../faults.ts";
import type { BodyWriter, OpenFault, StageFault } from "../ports.ts";
import { BodyIndex } from "./body-index.ts";
import { type FileSystem, nodeFileSystem, type OpenFile } from "./file-system.ts";
import { encodeBatch, MAX_PAYLOAD_BYTES } from "./frames.ts";
import { BODY_OFFSET, bodyFrame, packPath, readPacks } from "./packs.ts";
import { Serial } from "./serial.ts";

export interface BodyStoreOptions {
  readonly directory: string;
  readonly fs?: FileSystem;
  /** A pack takes no more bodies once it has this many bytes; 64 MiB by default. */
  readonly packBytes?: number;
}

interface Waiting {
  readonly digest: Bytes;
  readonly body: Bytes;
}

/**
 * Bodies by SHA-256 digest, in append-only packs. Bodies that are put while the disk is busy go together in the next
 * write, with one fdatasync. After a write that failed the store refuses all further ones, as `LogStore` does.
 */
export class BodyStore implements BodyWriter {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #packBytes: number;
  readonly #index: BodyIndex;
  readonly #writes = new Serial();
  /** Open packs, for reading and the last one for writing. */
  readonly #packs = new Map<number, Promise<OpenFile>>();
  #waiting: Waiting[] = [];
  #pack: number;
  #length: number;
  #failure: StorageFault | undefined;
  #closed = false;

  private constructor(options: BodyStoreOptions, fs: FileSystem, index: BodyIndex, pack: number, length: number) {
    this.#fs = fs;
    this.#directory = options.directory;
    this.#packBytes = options.packBytes ?? 64 * 1024 * 1024;
    this.#index = index;
    this.#pack = pack;
    this.#length = length;
  }

  static async open(options: BodyStoreOptions): Promise<Result<BodyStore, OpenFault>> {
    const { directory, fs = nodeFileSystem } = options;
    const index = new BodyIndex();
    try {
      await fs.makeDirectory(directory);
      const found = await readPacks(fs, directory, index);
      return found.ok ? ok(new BodyStore(options, fs, index, found.value.pack, found.value.length)) : found;
    } catch (error) {
      return storageFailed(`opening ${directory}`, error);
    }
  }

  /** Why the store takes no more writes; `undefined` while it does. */
  get failure(): StorageFault | undefined {
    return this.#failure;
  }

  has(digest: Bytes): boolean {
    return this.#index.has(digest);
  }

  async get(digest: Bytes): Promise<Bytes | undefined> {
    const location = this.#index.get(digest);
    if (location === undefined) return undefined;
    const { pack, offset, length } = location;
    const path = packPath(this.#directory, pack);
    let body: Bytes;
    try {
      body = await (await this.#open(pack)).read(length, offset);
    } catch (error) {
      throw new StorageError(storageFailed(`reading ${path}`, error).fault);
    }
    if (equalBytes(sha256(body), digest)) return body;
    const place = `${path} at byte ${offset}`;
    throw new StorageError(corrupt(place, `not the body ${toHex(digest)} that was written`).fault);
  }

  async put(bodies: readonly Bytes[]): Promise<Result<Bytes[], StageFault>> {
    const digests = bodies.map((body) => {
      assert(body.length <= MAX_PAYLOAD_BYTES - BODY_OFFSET, `a body of ${body.length} bytes`);
      const digest = sha256(body);
      this.#waiting.push({ digest, body: new Uint8Array(body) });
      return digest;
    });
    return this.#writes.run(async () => {
      const written = await this.#writeWaiting();
      return written.ok ? ok(digests) : written;
    });
  }

  async close(): Promise<void> {
    await this.#writes.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      for (const pack of this.#packs.values()) await (await pack).close();
    });
  }

  /** Finds nothing to do where an earlier turn has written this one's bodies too; that turn's failure is kept. */
  async #writeWaiting(): Promise<Result<void, StageFault>> {
    if (this.#closed) return err("closed", `${this.#directory} is closed`);
    if (this.#failure !== undefined) return { ok: false, fault: this.#failure };
    const fresh = new Map<string, Waiting>();
    for (const one of this.#waiting) if (!this.has(one.digest)) fresh.set(toHex(one.digest), one);
    this.#waiting = [];
    try {
      if (fresh.size > 0) await this.#append([...fresh.values()]);
      return ok(undefined);
    } catch (error) {
      const failed = storageFailed(`writing ${this.#directory}`, error);
      this.#failure = failed.fault;
      return failed;
    }
  }

  async #append(bodies: readonly Waiting[]): Promise<void> {
    if (this.#length >= this.#packBytes || (this.#length === 0 && !this.#packs.has(this.#pack))) await this.#nextPack();
    const file = await this.#open(this.#pack);
    await file.write(encodeBatch(bodies.map(({ digest, body }) => bodyFrame(digest, body))), this.#length);
    await file.datasync();
    for (const { digest, body } of bodies) {
      const offset = this.#length + BODY_OFFSET;
      this.#index.add(digest, { pack: this.#pack, offset, length: body.length });
      this.#length = offset + body.length;
    }
  }

  async #nextPack(): Promise<void> {
    if (this.#length > 0) this.#pack++;
    this.#length = 0;
    await this.#open(this.#pack, "create");
    await this.#fs.syncDirectory(this.#directory);
  }

  #open(pack: number, how: "existing" | "create" = "existing"): Promise<OpenFile> {
    const kept = this.#packs.get(pack);
    if (kept !== undefined) return kept;
    const file = this.#fs.open(packPath(this.#directory, pack), how);
    this.#packs.set(pack, file);
    file.catch(() => this.#packs.delete(pack));
    return file;
  }
}
