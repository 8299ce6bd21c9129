import type { Bytes } from "@detente/basics";

/**
 * Gives the hash of a *complete* subtree: the node of height `level` that covers the leaves
 * [index · 2^level, (index + 1) · 2^level). Synchronous: whoever must fetch, fetches first (see `TileReader`).
 */
export interface HashReader {
  (level: number, index: number): Bytes;
  /** Where a tree has one, see `RightEdge`. */
  readonly edge?: RightEdge;
}

/**
 * Hashes of a tree's incomplete subtrees, by their first leaf: they all end at its last leaf, and nearly every proof
 * and every root needs one of them, which costs as many hashes as the size has bits. Filled by whoever makes one; the
 * tree forgets them when it changes.
 */
export class RightEdge {
  /** Leaves of the tree. */
  size: number;
  readonly hashes: Map<number, Bytes> = new Map();

  constructor(size: number) {
    this.size = size;
  }

  /** The tree has another size now. */
  moveTo(size: number): void {
    this.size = size;
    if (this.hashes.size > 0) this.hashes.clear();
  }
}
