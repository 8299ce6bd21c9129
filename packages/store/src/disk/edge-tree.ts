import { assert, type Bytes } from "@detente/basics";
import { nodeHash, TILE_HEIGHT, TILE_WIDTH } from "@detente/tlog";
import { HashColumn } from "./hash-column.ts";

/**
 * The right edge of a Merkle tree: every complete node that is not inside a published full tile. Whoever needs a
 * node from further left reads that tile. At most 256 nodes for each tile level stay once all is published.
 */
export class EdgeTree {
  readonly #levels: HashColumn[] = [];

  /** Number of leaves, those in published tiles included. */
  get size(): number {
    return this.#levels[0]?.end ?? 0;
  }

  /**
   * The edge of a tree whose first `published` leaves (a multiple of 256) are in full tiles.
   * `tileRoot(tileLevel, index)` gives the root of such a tile; fewer than 256 are asked for on each level.
   */
  static above(published: number, tileRoot: (tileLevel: number, index: number) => Bytes): EdgeTree {
    const edge = new EdgeTree();
    edge.dropBelow(published);
    for (let tileLevel = 1; hashesAt(tileLevel, published) > 0; tileLevel++) {
      const count = hashesAt(tileLevel, published);
      for (let i = count - (count % TILE_WIDTH); i < count; i++) {
        edge.#push(tileLevel * TILE_HEIGHT, i, tileRoot(tileLevel - 1, i));
      }
    }
    return edge;
  }

  append(leafHash: Bytes): void {
    this.#push(0, this.size, leafHash);
  }

  /** A node, or `undefined` where it lies in a published tile or is not complete. */
  node(level: number, index: number): Bytes | undefined {
    return this.#levels[level]?.get(index);
  }

  /** The first `width` hashes of a tile that is not published; `undefined` where the edge does not hold them. */
  tile(tileLevel: number, index: number, width: number): Bytes | undefined {
    const column = this.#levels[tileLevel * TILE_HEIGHT];
    const from = index * TILE_WIDTH;
    if (column === undefined || from < column.base || from + width > column.end) return undefined;
    return column.range(from, from + width);
  }

  /** Forgets the leaves from `size` on. */
  truncate(size: number): void {
    this.#levels.forEach((column, level) => column.truncate(Math.floor(size / 2 ** level)));
  }

  /** Forgets the nodes in the full tiles of the first `published` leaves (a multiple of 256). */
  dropBelow(published: number): void {
    assert(published % TILE_WIDTH === 0, "whole tiles are published");
    for (let tileLevel = 0; hashesAt(tileLevel, published) >= TILE_WIDTH; tileLevel++) {
      const tiles = hashesAt(tileLevel + 1, published);
      for (let height = 0; height < TILE_HEIGHT; height++) {
        this.#column(tileLevel * TILE_HEIGHT + height).dropBelow(tiles * (TILE_WIDTH / 2 ** height));
      }
    }
  }

  #push(level: number, index: number, hash: Bytes): void {
    const column = this.#column(level);
    assert(index === column.end, `node ${index} of level ${level} follows ${column.end}`);
    column.push(hash);
    if (index % 2 === 0) return;
    const left = this.node(level, index - 1);
    assert(left !== undefined, "a left sibling is dropped only with the right one");
    this.#push(level + 1, (index - 1) / 2, nodeHash(left, hash));
  }

  #column(level: number): HashColumn {
    while (this.#levels.length <= level) this.#levels.push(new HashColumn());
    return this.#levels[level] as HashColumn;
  }
}

/** The hashes of a tile level in a tree of `size` leaves, in full and partial tiles together. */
export function hashesAt(tileLevel: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** tileLevel);
}
