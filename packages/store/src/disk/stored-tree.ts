import { join } from "node:path";
import { assert, type Bytes, equalBytes } from "@detente/basics";
import { type HashReader, RightEdge, TILE_HEIGHT, TILE_WIDTH, tilePath, treeRoot } from "@detente/tlog";
import { corrupt, StorageError, storageFailed } from "../faults.ts";
import { EdgeTree, hashesAt } from "./edge-tree.ts";
import type { FileSystem } from "./file-system.ts";
import { EXPANDED_BYTES, FullTile, TILE_BYTES } from "./full-tile.ts";
import { Lru } from "./lru.ts";

/** More than a tree of 2^53 leaves can have on one level. */
const TILES_A_LEVEL = 2 ** 46;
/** 2^0 … 2^53, since a power costs more than all else on the way to a node. */
const POWERS: readonly number[] = Array.from({ length: 54 }, (_, exponent) => 2 ** exponent);

/**
 * A log's Merkle tree: its right edge in memory, the rest in published tile files. A tile file is used only after
 * its root has been found in its parent, so whatever is read hangs together with the edge, and by that with the head.
 */
export class StoredTree {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #edge: EdgeTree;
  readonly #tiles: Lru<FullTile>;
  /** One reader for as long as the size is asked for, so that what it knows of the right edge serves many proofs. */
  #lastReader: HashReader | undefined;
  /** A proof reads up to eight nodes of one tile in a row. */
  #lastTile: { readonly level: number; readonly index: number; readonly tile: FullTile } | undefined;

  /** @throws StorageError where a tile of the first `published` leaves (a multiple of 256) cannot be read */
  constructor(fs: FileSystem, directory: string, published: number, cacheBytes: number) {
    this.#fs = fs;
    this.#directory = directory;
    this.#tiles = new Lru(cacheBytes);
    this.#edge = EdgeTree.above(published, (level, index) => this.#readTile(level, index).root());
  }

  get size(): number {
    return this.#edge.size;
  }

  append(leafHash: Bytes): void {
    this.#edge.append(leafHash);
  }

  truncate(size: number): void {
    // What comes next makes other trees of the same sizes.
    this.#lastReader = undefined;
    this.#edge.truncate(size);
  }

  /** The tiles of the first `published` leaves are files now: their nodes need no memory any more. */
  dropBelow(published: number): void {
    this.#edge.dropBelow(published);
  }

  /** Nodes of the tree of the first `size` leaves. The reader throws StorageError where a tile file is not sound. */
  reader(size: number): HashReader {
    assert(size <= this.size, `a tree of ${size} leaves where there are ${this.size}`);
    if (this.#lastReader?.edge?.size === size) return this.#lastReader;
    const read = (level: number, index: number): Bytes => {
      assert((index + 1) * (POWERS[level] as number) <= size, "a node is read once it is complete");
      return this.#node(level, index);
    };
    this.#lastReader = Object.assign(read, { edge: new RightEdge(size) });
    return this.#lastReader;
  }

  root(size: number): Bytes {
    return treeRoot(size, this.reader(size));
  }

  /** The bytes of a tile in the tree of the first `size` leaves; `undefined` where it is not that wide. */
  tile(size: number, level: number, index: number, width: number): Bytes | undefined {
    if (index * TILE_WIDTH + width > hashesAt(level, size)) return undefined;
    const unpublished = this.#edge.tile(level, index, width);
    if (unpublished !== undefined) return unpublished;
    return this.#tile(level, index).hashes(width);
  }

  #node(level: number, index: number): Bytes {
    const held = this.#edge.node(level, index);
    if (held !== undefined) return held;
    const height = level % TILE_HEIGHT;
    const perTile = TILE_WIDTH >> height;
    const tile = this.#tile((level - height) / TILE_HEIGHT, Math.floor(index / perTile));
    return tile.node(height, index % perTile);
  }

  #tile(level: number, index: number): FullTile {
    if (this.#lastTile?.level !== level || this.#lastTile.index !== index) {
      this.#lastTile = { level, index, tile: this.#cachedTile(level, index) };
    }
    return this.#lastTile.tile;
  }

  #cachedTile(level: number, index: number): FullTile {
    const key = level * TILES_A_LEVEL + index;
    const kept = this.#tiles.get(key);
    if (kept !== undefined) return kept;
    const tile = this.#readTile(level, index);
    if (!equalBytes(tile.root(), this.#node((level + 1) * TILE_HEIGHT, index))) {
      throw new StorageError(corrupt(this.#path(level, index), "not the tile that was published").fault);
    }
    this.#tiles.set(key, tile, EXPANDED_BYTES);
    return tile;
  }

  #readTile(level: number, index: number): FullTile {
    const path = this.#path(level, index);
    let bytes: Bytes;
    try {
      bytes = this.#fs.readFileSync(path);
    } catch (error) {
      throw new StorageError(storageFailed(`reading ${path}`, error).fault);
    }
    if (bytes.length !== TILE_BYTES) {
      throw new StorageError(corrupt(path, `${bytes.length} bytes where a full tile has ${TILE_BYTES}`).fault);
    }
    return new FullTile(bytes);
  }

  #path(level: number, index: number): string {
    return join(this.#directory, tilePath(level, index));
  }
}
