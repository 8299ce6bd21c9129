import { join } from "node:path";
import { type Bytes, equalBytes } from "@detente/basics";
import { entriesPath, type HashReader, leafHash, parseEntryBundle, TILE_WIDTH } from "@detente/tlog";
import { corrupt, StorageError, storageFailed } from "../faults.ts";
import type { FileSystem } from "./file-system.ts";
import { Lru } from "./lru.ts";

/** Reads published entry bundles; each is used only after its entries have been found in the tree. */
export class BundleFiles {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #bundles: Lru<readonly Bytes[]>;

  constructor(fs: FileSystem, directory: string, cacheBytes: number) {
    this.#fs = fs;
    this.#directory = directory;
    this.#bundles = new Lru(cacheBytes);
  }

  /** The 256 entries of a full bundle. @throws StorageError where the file is not the one that was published */
  async read(index: number, hashes: HashReader): Promise<readonly Bytes[]> {
    const kept = this.#bundles.get(index);
    if (kept !== undefined) return kept;
    const path = join(this.#directory, entriesPath(index));
    const bytes = await this.#fs.readFile(path).catch((error: unknown) => {
      throw new StorageError(storageFailed(`reading ${path}`, error).fault);
    });
    const entries = parseEntryBundle(bytes, TILE_WIDTH);
    if (!entries.ok) throw new StorageError(corrupt(path, entries.fault.message).fault);
    entries.value.forEach((entry, i) => {
      if (equalBytes(leafHash(entry), hashes(0, index * TILE_WIDTH + i))) return;
      throw new StorageError(corrupt(path, `entry ${i} is not the one that was published`).fault);
    });
    this.#bundles.set(index, entries.value, bytes.length);
    return entries.value;
  }
}
