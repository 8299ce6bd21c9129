import { assert, type Bytes } from "@detente/basics";

const HASH_BYTES = 32;
const FIRST_CAPACITY = 16;

/** A growing row of 32-byte hashes whose front can be dropped; indexes stay those of the whole row. */
export class HashColumn {
  #base = 0;
  #end = 0;
  #bytes: Bytes = new Uint8Array(0);

  /** Index of the first hash still held. */
  get base(): number {
    return this.#base;
  }

  /** Index behind the last hash. */
  get end(): number {
    return this.#end;
  }

  push(hash: Bytes): void {
    assert(hash.length === HASH_BYTES, "a hash has 32 bytes");
    const at = (this.#end - this.#base) * HASH_BYTES;
    if (at === this.#bytes.length) {
      const grown = new Uint8Array(Math.max(FIRST_CAPACITY * HASH_BYTES, 2 * at));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(hash, at);
    this.#end++;
  }

  /** A copy, since `truncate` and `push` may write over the place. */
  get(index: number): Bytes | undefined {
    if (index < this.#base || index >= this.#end) return undefined;
    return this.range(index, index + 1);
  }

  /** The hashes [from, to), one after another; all of them are held. */
  range(from: number, to: number): Bytes {
    assert(from >= this.#base && to <= this.#end, "hashes are read where they are held");
    return this.#bytes.slice((from - this.#base) * HASH_BYTES, (to - this.#base) * HASH_BYTES);
  }

  truncate(end: number): void {
    if (end >= this.#end) return;
    assert(end >= this.#base, `hash ${end} was dropped`);
    this.#end = end;
  }

  /** Frees the hashes before `index`, which may lie beyond the end of an empty row. */
  dropBelow(index: number): void {
    if (index <= this.#base) return;
    const kept = this.range(Math.min(index, this.#end), this.#end);
    this.#base = index;
    this.#end = Math.max(index, this.#end);
    this.#bytes = kept;
  }
}
