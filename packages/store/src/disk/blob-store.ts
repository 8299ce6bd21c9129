import { createHash } from "node:crypto";
import { join } from "node:path";
import { assert, type Bytes, equalBytes, err, ok, type Result, toHex } from "@detente/basics";
import { type StorageFault, storageFailed } from "../faults.ts";
import type { Blob, BlobFault, BlobWriter, Pieces } from "../ports.ts";
import { type FileSystem, nodeFileSystem, type OpenFile } from "./file-system.ts";
import { Serial } from "./serial.ts";

export interface BlobStoreOptions {
  readonly directory: string;
  readonly fs?: FileSystem;
  /** The largest blob that is taken in, in bytes; 256 MiB by default. */
  readonly maxBytes?: number;
}

/** Blobs by SHA-256 digest, a file each. An erased one leaves a tombstone, so that it is not taken in again. */
export class BlobStore implements BlobWriter {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #maxBytes: number;
  /** Putting in place and erasing, so that neither undoes the other. */
  readonly #changes = new Serial();
  #incoming = 0;

  private constructor(options: BlobStoreOptions, fs: FileSystem) {
    this.#fs = fs;
    this.#directory = options.directory;
    this.#maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
  }

  /** Opens the store; forgets what had come in half, finishes what had been erased half. */
  static async open(options: BlobStoreOptions): Promise<Result<BlobStore, StorageFault>> {
    const fs = options.fs ?? nodeFileSystem;
    const store = new BlobStore(options, fs);
    try {
      await fs.makeDirectory(store.#path("incoming"));
      await fs.makeDirectory(store.#path("erased"));
      for (const name of await fs.list(store.#path("incoming"))) await fs.remove(store.#path("incoming", name));
      for (const name of await fs.list(store.#path("erased"))) await store.#removeContent(name);
      return ok(store);
    } catch (error) {
      return storageFailed(`opening ${options.directory}`, error);
    }
  }

  async has(digest: Bytes): Promise<boolean> {
    return (await this.#sizeOf(toHex(digest))) !== undefined;
  }

  async isErased(digest: Bytes): Promise<boolean> {
    return (await this.#fs.size(this.#path("erased", toHex(digest)))) !== undefined;
  }

  async get(digest: Bytes): Promise<Blob | undefined> {
    const name = toHex(digest);
    const size = await this.#sizeOf(name);
    return size === undefined ? undefined : { size, content: this.#fs.readStream(this.#contentPath(name)) };
  }

  async put(digest: Bytes, size: number, content: Pieces): Promise<Result<void, BlobFault>> {
    assert(digest.length === 32, "a digest has 32 bytes");
    if (size > this.#maxBytes) return err("too-large", `${size} bytes; this station takes ${this.#maxBytes} at most`);
    if (await this.isErased(digest)) return erased(digest);
    if (await this.has(digest)) return ok(undefined);
    const incoming = this.#path("incoming", String(this.#incoming++));
    let file: OpenFile | undefined;
    try {
      file = await this.#fs.open(incoming, "create");
      const received = await receive(file, digest, size, content);
      if (!received.ok) return received;
      await file.datasync();
      return await this.#changes.run(() => this.#place(digest, incoming));
    } catch (error) {
      return storageFailed(`storing blob ${toHex(digest)} in ${this.#directory}`, error);
    } finally {
      await file?.close().catch(() => undefined);
      // Nothing is left where the blob was put in place; a leftover that cannot go now goes at the next opening.
      await this.#fs.remove(incoming).catch(() => undefined);
    }
  }

  async erase(digest: Bytes): Promise<Result<void, StorageFault>> {
    const name = toHex(digest);
    return this.#changes.run(async () => {
      try {
        const tombstone = await this.#fs.open(this.#path("erased", name), "create");
        await tombstone.close();
        await this.#fs.syncDirectory(this.#path("erased"));
        await this.#removeContent(name);
        return ok(undefined);
      } catch (error) {
        return storageFailed(`erasing blob ${name} in ${this.#directory}`, error);
      }
    });
  }

  async #place(digest: Bytes, incoming: string): Promise<Result<void, BlobFault>> {
    if (await this.isErased(digest)) return erased(digest);
    const shelf = this.#path(toHex(digest).slice(0, 2));
    await this.#fs.makeDirectory(shelf);
    await this.#fs.rename(incoming, this.#contentPath(toHex(digest)));
    await this.#fs.syncDirectory(shelf);
    return ok(undefined);
  }

  async #removeContent(name: string): Promise<void> {
    const path = this.#contentPath(name);
    if ((await this.#fs.size(path)) === undefined) return;
    await this.#fs.remove(path);
    await this.#fs.syncDirectory(this.#path(name.slice(0, 2)));
  }

  async #sizeOf(name: string): Promise<number | undefined> {
    if ((await this.#fs.size(this.#path("erased", name))) !== undefined) return undefined;
    return this.#fs.size(this.#contentPath(name));
  }

  #contentPath(name: string): string {
    return this.#path(name.slice(0, 2), name);
  }

  #path(...names: string[]): string {
    return join(this.#directory, ...names);
  }
}

/** Writes what comes in and checks it on the way. Errors of the disk are thrown, those of the source are a fault. */
async function receive(file: OpenFile, digest: Bytes, size: number, content: Pieces): Promise<Result<void, BlobFault>> {
  const name = toHex(digest);
  const hash = createHash("sha256");
  let received = 0;
  try {
    for await (const chunk of fromSource(content)) {
      if (received + chunk.length > size)
        return err("wrong-size", `blob ${name}: more than the ${size} bytes announced`);
      hash.update(chunk);
      await file.write(chunk, received);
      received += chunk.length;
    }
  } catch (error) {
    if (error instanceof SourceError) return err("source-failed", `blob ${name}: its source failed: ${error.message}`);
    throw error;
  }
  if (received < size) return err("wrong-size", `blob ${name}: ${received} bytes of the ${size} announced`);
  if (equalBytes(hash.digest(), digest)) return ok(undefined);
  return err("wrong-digest", `blob ${name}: what came has another digest`);
}

class SourceError extends Error {}

async function* fromSource(content: Pieces): AsyncGenerator<Bytes, void, undefined> {
  try {
    yield* content;
  } catch (error) {
    throw new SourceError(error instanceof Error ? error.message : String(error));
  }
}

function erased(digest: Bytes): Result<never, BlobFault> {
  return err("erased", `blob ${toHex(digest)} was erased here and is not taken in again`);
}
