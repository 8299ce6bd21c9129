import { assert, type Bytes } from "@detente/basics";
import { nodeHash, TILE_HEIGHT, TILE_WIDTH } from "@detente/tlog";

const HASH_BYTES = 32;

/** Bytes of a full tile as it is in a file: 256 hashes. */
export const TILE_BYTES: number = TILE_WIDTH * HASH_BYTES;

/** Where each height begins, in hashes, the tile's own at 0. */
const STARTS: readonly number[] = Array.from({ length: TILE_HEIGHT + 1 }, (_, height) => 512 - (512 >> height));

/** What a full tile takes in memory. */
export const EXPANDED_BYTES: number = 2 * TILE_BYTES;

/** A full tile with all nodes above its hashes, side by side in memory: a proof reads one node of each height. */
export class FullTile {
  readonly #nodes: Bytes = new Uint8Array(EXPANDED_BYTES);

  /** @param bytes the file's content */
  constructor(bytes: Bytes) {
    assert(bytes.length === TILE_BYTES, "a full tile has 256 hashes");
    const nodes = this.#nodes;
    nodes.set(bytes);
    // The parents of hashes 2i and 2i+1, for all heights in a row: height by height is the order that they stand in.
    for (let left = 0, parent = TILE_BYTES; left < EXPANDED_BYTES - 2 * HASH_BYTES; left += 2 * HASH_BYTES) {
      const right = left + HASH_BYTES;
      nodes.set(nodeHash(nodes.subarray(left, right), nodes.subarray(right, right + HASH_BYTES)), parent);
      parent += HASH_BYTES;
    }
  }

  /** A copy of the node of a height of 0..8 above the tile's hashes. */
  node(height: number, index: number): Bytes {
    const at = ((STARTS[height] as number) + index) * HASH_BYTES;
    return this.#nodes.slice(at, at + HASH_BYTES);
  }

  root(): Bytes {
    return this.node(TILE_HEIGHT, 0);
  }

  /** The first `width` hashes, as in a partial tile. */
  hashes(width: number): Bytes {
    return this.#nodes.slice(0, width * HASH_BYTES);
  }
}
