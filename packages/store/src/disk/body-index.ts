import { type Bytes, HashIndex } from "@detente/basics";

/** Where a body lies: `offset` and `length` are those of the body's bytes in the pack. */
export interface Location {
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
}

const COLUMNS = 3;
const FIRST_BODIES = 1024;

/**
 * Finds bodies in packs by digest. In memory, about 60 bytes a body, and made from the packs at each opening: digests
 * are spread so evenly that in a file every body would cost the rewriting of a page.
 */
export class BodyIndex {
  readonly #digests = new HashIndex();
  /** Pack, offset and length of each body, by the digest's number. */
  #locations: Uint32Array = new Uint32Array(COLUMNS * FIRST_BODIES);

  get(digest: Bytes): Location | undefined {
    const id = this.#digests.find(digest);
    if (id === undefined) return undefined;
    const at = COLUMNS * id;
    return {
      pack: this.#locations[at] as number,
      offset: this.#locations[at + 1] as number,
      length: this.#locations[at + 2] as number,
    };
  }

  has(digest: Bytes): boolean {
    return this.#digests.find(digest) !== undefined;
  }

  /** A body that is there twice is found where it came last. */
  add(digest: Bytes, { pack, offset, length }: Location): void {
    const at = COLUMNS * this.#digests.intern(digest);
    if (at === this.#locations.length) {
      const grown = new Uint32Array(2 * at);
      grown.set(this.#locations);
      this.#locations = grown;
    }
    this.#locations.set([pack, offset, length], at);
  }
}
