import { assert, type Bytes } from "@detente/basics";
import { isCount, powerOfTwo } from "./bits.ts";
import { type HashReader, RightEdge } from "./hash-reader.ts";
import { HASH_SIZE, pairHash } from "./hash.ts";
import { treeRoot } from "./tree.ts";

const FIRST_CAPACITY = 16;

/**
 * A Merkle tree that keeps every complete node in memory, 64 bytes a leaf in all: appending costs one hash on
 * average, and roots and proofs of this or any earlier size hash the right edge only.
 */
export class MemoryTree {
  readonly #levels: Bytes[] = [];
  readonly #edge = new RightEdge(0);
  #size = 0;

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a leaf by its hash (32 bytes), see `leafHash`.
   * @throws where the hash is not 32 bytes long
   */
  append(leafHash: Bytes): void {
    assert(leafHash.length === HASH_SIZE, "a leaf's hash has 32 bytes");
    let index = this.#size++;
    this.#edge.moveTo(this.#size);
    let nodes = this.#put(0, index, leafHash);
    for (let level = 1; index % 2 === 1; level++) {
      const parent = pairHash(nodes, (index - 1) * HASH_SIZE);
      index = (index - 1) / 2;
      nodes = this.#put(level, index, parent);
    }
  }

  /**
   * The root of the first `size` leaves, by default of all.
   * @throws where the tree has fewer leaves than `size`
   */
  root(size: number = this.#size): Bytes {
    assert(isCount(size) && size <= this.#size, `size ${size} is no larger than ${this.#size}`);
    return treeRoot(size, this.reader);
  }

  /** Gives copies. Throws for a node that is not complete yet. */
  readonly reader: HashReader = Object.assign(
    (level: number, index: number): Bytes => {
      assert(isCount(index) && (index + 1) * powerOfTwo(level) <= this.#size, "a node is read once it is complete");
      return (this.#levels[level] as Bytes).slice(index * HASH_SIZE, (index + 1) * HASH_SIZE);
    },
    { edge: this.#edge },
  );

  #put(level: number, index: number, hash: Bytes): Bytes {
    const offset = index * HASH_SIZE;
    let nodes = this.#levels[level];
    if (nodes === undefined || nodes.length === offset) {
      const grown = new Uint8Array(Math.max(FIRST_CAPACITY * HASH_SIZE, 2 * offset));
      if (nodes !== undefined) grown.set(nodes);
      this.#levels[level] = nodes = grown;
    }
    nodes.set(hash, offset);
    return nodes;
  }
}
