import { assert, type Bytes } from "@detente/basics";
import { isCount, powerOfTwo } from "./bits.ts";
import { HASH_SIZE } from "./hash.ts";
import type { HashReader } from "./hash-reader.ts";

/** Levels of the Merkle tree in one tile (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** The highest tile level the C2SP format can name; trees of safe-integer size have no tile above level 6. */
export const MAX_TILE_LEVEL = 63;

/** A tile of `width` hashes: 1..255 for a partial one, 256 for a full one. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/**
 * How many hashes tile `index` of `level` holds in a tree of `size` leaves: 0 where there is no such tile.
 * For level 0 it is also the number of entries in bundle `index`.
 */
export function tileWidth(level: number, index: number, size: number): number {
  assert(isCount(level) && isCount(index) && isCount(size), "tiles and leaves are counted");
  return Math.min(TILE_WIDTH, Math.max(0, nodesAt(level, size) - index * TILE_WIDTH));
}

/**
 * The tiles of a tree of `newSize` leaves that were not there, or not so wide, at `oldSize`: by level, then by index.
 * From 0, all tiles there are. Full tiles come as such only; partial ones are those of `newSize` alone.
 * @throws unless 0 ≤ oldSize ≤ newSize ≤ 2^53-1
 */
export function* newTiles(oldSize: number, newSize: number): Generator<Tile, void, undefined> {
  assert(isCount(oldSize) && isCount(newSize) && oldSize <= newSize, `size ${oldSize} is no larger than ${newSize}`);
  for (let level = 0; nodesAt(level, newSize) > 0; level++) {
    const before = nodesAt(level, oldSize);
    const after = nodesAt(level, newSize);
    if (before === after) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index++) {
      yield { level, index, width: tileWidth(level, index, newSize) };
    }
  }
}

/** The right edge of a tree: its partial tiles, from the highest level down. Their hashes together give the root. */
export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; nodesAt(level, size) > 0; level++) {
    const width = nodesAt(level, size) % TILE_WIDTH;
    if (width > 0) tiles.unshift({ level, index: Math.floor(nodesAt(level, size) / TILE_WIDTH), width });
  }
  return tiles;
}

/** The bytes of a tile: its hashes, one after another. */
export function tileBytes(tile: Tile, reader: HashReader): Bytes {
  const bytes = new Uint8Array(tile.width * HASH_SIZE);
  for (let i = 0; i < tile.width; i++) {
    bytes.set(reader(tile.level * TILE_HEIGHT, tile.index * TILE_WIDTH + i), i * HASH_SIZE);
  }
  return bytes;
}

/** The number of complete subtrees of 256^level leaves in a tree of `size`. */
function nodesAt(level: number, size: number): number {
  const height = level * TILE_HEIGHT;
  return height > 53 ? 0 : Math.floor(size / powerOfTwo(height));
}
