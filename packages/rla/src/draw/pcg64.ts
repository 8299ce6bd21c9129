const MASK_128 = (1n << 128n) - 1n;
const MASK_64 = (1n << 64n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL = 4;

/**
 * Numpy's `default_rng(seed)`: PCG64, the XSL-RR 128/64 member of O'Neill's PCG family ("PCG: a family of simple fast
 * space-efficient statistically good algorithms for random number generation", 2014), seeded through numpy's
 * `SeedSequence` (NEP 19). Nothing that is secret or to be agreed on is drawn with it: published audits were.
 */
export class Pcg64 {
  #state: bigint;
  readonly #increment: bigint;

  /** @param seed a whole number, not negative, of any size */
  constructor(seed: bigint) {
    const words = generateWords(mixEntropy(seed), 8);
    const wide = (at: number): bigint => (BigInt(words[at + 1] as number) << 32n) | BigInt(words[at] as number);
    this.#increment = ((((wide(4) << 64n) | wide(6)) << 1n) | 1n) & MASK_128;
    this.#state = this.#increment;
    this.#state = (this.#state + ((wide(0) << 64n) | wide(2))) & MASK_128;
    this.#step();
  }

  /** 64 bits. */
  next(): bigint {
    this.#step();
    const state = this.#state;
    const folded = (state >> 64n) ^ (state & MASK_64);
    const turn = state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK_64;
  }

  /** The upper 53 of 64 bits, as a number from 0 up to 1. */
  double(): number {
    return Number(this.next() >> 11n) * 2 ** -53;
  }

  #step(): void {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & MASK_128;
  }
}

/** The pool of four words into which `SeedSequence` mixes the words of the seed, the lowest first. */
function mixEntropy(seed: bigint): Uint32Array {
  const entropy: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) entropy.push(Number(rest & 0xffffffffn));
  let constant = 0x43b0d7e5;
  const hashed = (word: number): number => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const value = Math.imul(mixed, constant);
    return value ^ (value >>> 16);
  };
  const mixed = (x: number, y: number): number => {
    const value = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
    return value ^ (value >>> 16);
  };
  const pool = Uint32Array.from({ length: POOL }, (_, i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) {
      if (from !== to) pool[to] = mixed(pool[to] as number, hashed(pool[from] as number));
    }
  }
  for (const word of entropy.slice(POOL)) {
    for (let to = 0; to < POOL; to++) pool[to] = mixed(pool[to] as number, hashed(word));
  }
  return pool;
}

function generateWords(pool: Uint32Array, count: number): Uint32Array {
  let constant = 0x8b51f9dd;
  return Uint32Array.from({ length: count }, (_, i) => {
    const mixed = (pool[i % POOL] as number) ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    const value = Math.imul(mixed, constant);
    return value ^ (value >>> 16);
  });
}
