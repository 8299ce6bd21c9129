import { assert, type Bytes, concatBytes, sha256 } from "@detente/basics";

/**
 * Numbers for simulations: SHA-256 of the seed and a counter, 32 bits at a time. The same on every machine; whoever
 * plans with the same seed gets the same plan.
 */
export class HashRandom {
  readonly #message: Bytes;
  readonly #counter: DataView;
  #block = 0;
  #digest: Bytes = new Uint8Array(0);
  #used = 0;

  constructor(seed: Bytes) {
    this.#message = concatBytes(seed, new Uint8Array(4));
    this.#counter = new DataView(this.#message.buffer, seed.length);
  }

  /** A whole number from 0 to `limit` − 1, `limit` at most 2^32, each as likely as another. */
  below(limit: number): number {
    assert(limit > 0 && limit <= 2 ** 32, "a limit of 1 to 2^32");
    const fair = 2 ** 32 - (2 ** 32 % limit);
    let number = this.#next();
    while (number >= fair) number = this.#next();
    return number % limit;
  }

  #next(): number {
    if (this.#used === this.#digest.length) {
      this.#counter.setUint32(0, this.#block++);
      this.#digest = sha256(this.#message);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += 4;
    const byte = (i: number): number => this.#digest[at + i] as number;
    return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
  }
}
