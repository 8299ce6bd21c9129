import { assert, equalBytes, err, ok, present, type Bytes, type Result } from "@detente/basics";
import { isCount, powerOfTwo } from "./bits.ts";
import type { HashReader } from "./hash-reader.ts";
import { HASH_SIZE } from "./hash.ts";
import type { MemoryTree } from "./memory-tree.ts";
import { partialTiles, TILE_HEIGHT, TILE_WIDTH, tileWidth, type Tile } from "./tile.ts";
import { fetchBundle, fetchTile } from "./tile-fetch.ts";
import { entriesPath, tilePath } from "./tile-path.ts";
import type { FetchTile, TileFault } from "./tile-source.ts";
import { treeRoot } from "./tree.ts";

/** Full tiles kept between calls: about 16 KiB each. */
const KEPT_TILES = 256;

/** Bundles asked for at the same time. */
const PARALLEL_BUNDLES = 8;

/** Size and root of a tree that the caller trusts: from a checkpoint whose signatures have been verified. */
export interface TrustedTree {
  readonly size: number;
  readonly root: Bytes;
}

/** Verified tiles, by level and index. */
type Tiles = Map<string, MemoryTree>;

/**
 * Reads a log through its tiles and trusts none of them: the partial tiles (the right edge) must hash to the trusted
 * root, and every full tile to the hash its parent tile holds for it, before one byte is used.
 */
export class TileReader {
  readonly #tree: TrustedTree;
  readonly #fetch: FetchTile;
  #edge: Tiles | undefined;
  readonly #kept: Tiles = new Map();

  /** @throws where the size is no integer of 0..2^53-1 or the root is not 32 bytes long */
  constructor(tree: TrustedTree, fetch: FetchTile) {
    assert(isCount(tree.size) && tree.root.length === HASH_SIZE, "a trusted tree has a size and a root of 32 bytes");
    this.#tree = tree;
    this.#fetch = fetch;
  }

  /**
   * Fetches and verifies the tiles that `make` reads, and returns what it makes of them, as in
   * `read((hashes) => inclusionProof(index, size, hashes))`. `make` runs twice, first over zeros to learn what it
   * reads: which hashes it asks for must not depend on their values, and it must not read beyond the trusted size.
   */
  async read<T>(make: (reader: HashReader) => T): Promise<Result<T, TileFault>> {
    const needed = new Map<string, Tile>();
    make((level, index) => {
      const complete = isCount(index) && (index + 1) * powerOfTwo(level) <= this.#tree.size;
      assert(complete, `node ${index} of level ${level} is complete at size ${this.#tree.size}`);
      const tile = this.#tileOf(level, index);
      needed.set(keyOf(tile.level, tile.index), tile);
      return new Uint8Array(HASH_SIZE);
    });
    const tiles = await this.#verified([...needed.values()]);
    return tiles.ok ? ok(make(readerOver(tiles.value))) : tiles;
  }

  /**
   * The entries [start, end), each verified against the trusted root. All are held in memory at once: ask for a long
   * log in ranges.
   * @throws unless 0 ≤ start ≤ end ≤ the trusted size
   */
  async entries(start: number, end: number): Promise<Result<Bytes[], TileFault>> {
    assert(isCount(start) && isCount(end) && start <= end && end <= this.#tree.size, "the range is within the tree");
    const entries: Bytes[] = [];
    if (start === end) return ok(entries);
    const first = Math.floor(start / TILE_WIDTH);
    const last = Math.floor((end - 1) / TILE_WIDTH);
    for (let index = first; index <= last; index += PARALLEL_BUNDLES) {
      const count = Math.min(PARALLEL_BUNDLES, last + 1 - index);
      const tiles = Array.from({ length: count }, (_, i) => this.#tile(0, index + i));
      const vouching = await this.#verified(tiles.map((tile) => this.#vouchingFor(tile)));
      if (!vouching.ok) return vouching;
      for (const bundle of await Promise.all(tiles.map((tile) => this.#bundle(tile, vouching.value)))) {
        if (!bundle.ok) return bundle;
        for (const entry of bundle.value) entries.push(entry);
      }
    }
    return ok(entries.slice(start - first * TILE_WIDTH, end - first * TILE_WIDTH));
  }

  async #bundle(tile: Tile, verified: Tiles): Promise<Result<Bytes[], TileFault>> {
    const bundle = await fetchBundle(tile.index, tile.width, this.#fetch);
    if (!bundle.ok) return bundle;
    if (belongs(tile, bundle.value.tree, verified)) return ok(bundle.value.entries);
    return err(
      "root-mismatch",
      `${entriesPath(tile.index)} holds other entries than the trusted tree; distrust the source`,
    );
  }

  /** The tiles asked for and those that vouch for them, all verified. */
  async #verified(wanted: readonly Tile[]): Promise<Result<Tiles, TileFault>> {
    const edge = await this.#verifiedEdge();
    if (!edge.ok) return edge;
    const tiles: Tiles = new Map(edge.value);
    const absent = new Map<string, Tile>();
    for (const start of wanted) {
      for (let tile = start; tile.width === TILE_WIDTH; tile = this.#parentOf(tile)) {
        const key = keyOf(tile.level, tile.index);
        const kept = this.#kept.get(key);
        if (kept !== undefined) {
          this.#keep(key, kept);
          tiles.set(key, kept);
          break;
        }
        absent.set(key, tile);
      }
    }
    const fetched = await this.#fetchAll([...absent.values()]);
    if (!fetched.ok) return fetched;
    for (const [tile, tree] of fetched.value.toSorted(([a], [b]) => b.level - a.level)) {
      if (!belongs(tile, tree, tiles)) {
        const path = tilePath(tile.level, tile.index);
        return err("root-mismatch", `${path} holds other hashes than the trusted tree; distrust the source`);
      }
      tiles.set(keyOf(tile.level, tile.index), tree);
      this.#keep(keyOf(tile.level, tile.index), tree);
    }
    return ok(tiles);
  }

  async #verifiedEdge(): Promise<Result<Tiles, TileFault>> {
    if (this.#edge !== undefined) return ok(this.#edge);
    const fetched = await this.#fetchAll(partialTiles(this.#tree.size));
    if (!fetched.ok) return fetched;
    const edge: Tiles = new Map(fetched.value.map(([tile, tree]) => [keyOf(tile.level, tile.index), tree]));
    // Every hash of a partial tile stands under one of the peaks that make the root, so the root vouches for all.
    if (!equalBytes(treeRoot(this.#tree.size, readerOver(edge)), this.#tree.root)) {
      return err(
        "root-mismatch",
        `the partial tiles do not make the trusted root of size ${this.#tree.size}; distrust the source`,
      );
    }
    this.#edge = edge;
    return ok(edge);
  }

  async #fetchAll(wanted: readonly Tile[]): Promise<Result<[Tile, MemoryTree][], TileFault>> {
    const answers = await Promise.all(wanted.map((tile) => fetchTile(tile, this.#fetch)));
    const fetched: [Tile, MemoryTree][] = [];
    for (const [i, answer] of answers.entries()) {
      if (!answer.ok) return answer;
      fetched.push([wanted[i] as Tile, answer.value]);
    }
    return ok(fetched);
  }

  #keep(key: string, tree: MemoryTree): void {
    this.#kept.delete(key);
    this.#kept.set(key, tree);
    if (this.#kept.size > KEPT_TILES) this.#kept.delete(present(this.#kept.keys().next().value, "the oldest tile"));
  }

  #tile(level: number, index: number): Tile {
    return { level, index, width: tileWidth(level, index, this.#tree.size) };
  }

  #tileOf(level: number, index: number): Tile {
    return this.#tile(Math.floor(level / TILE_HEIGHT), Math.floor(index / nodesInTile(level)));
  }

  #parentOf(tile: Tile): Tile {
    return this.#tile(tile.level + 1, Math.floor(tile.index / TILE_WIDTH));
  }

  /** The root vouches for a partial tile itself, the parent tile for a full one. */
  #vouchingFor(tile: Tile): Tile {
    return tile.width === TILE_WIDTH ? this.#parentOf(tile) : tile;
  }
}

/** Whether the hashes are those that the verified parent of a full tile, or the verified partial tile itself, has. */
function belongs(tile: Tile, hashes: MemoryTree, verified: Tiles): boolean {
  const { level, index, width } = tile;
  const expected =
    width === TILE_WIDTH
      ? tileAt(verified, level + 1, Math.floor(index / TILE_WIDTH)).reader(0, index % TILE_WIDTH)
      : tileAt(verified, level, index).root();
  return equalBytes(hashes.root(), expected);
}

function readerOver(tiles: Tiles): HashReader {
  return (level, index) => {
    const nodes = nodesInTile(level);
    const tile = tileAt(tiles, Math.floor(level / TILE_HEIGHT), Math.floor(index / nodes));
    return tile.reader(level % TILE_HEIGHT, index % nodes);
  };
}

/** How many nodes of a tree's level one full tile holds: 256 at its bottom, 2 at its top. */
function nodesInTile(level: number): number {
  return powerOfTwo(TILE_HEIGHT - (level % TILE_HEIGHT));
}

function tileAt(tiles: Tiles, level: number, index: number): MemoryTree {
  return present(tiles.get(keyOf(level, index)), `tile ${index} of level ${level}`);
}

function keyOf(level: number, index: number): string {
  return `${level}/${index}`;
}
