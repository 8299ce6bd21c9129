/**
 * A small seeded generator (xorshift128 of Marsaglia, 2003, seeded by FNV-1a): the same stream on every machine and
 * in every version of Node. For made-up data only, never for keys.
 */
export class Prng {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    this.#state = Uint32Array.from({ length: 4 }, (_, i) => fnv1a(`${i}:${seed}`) || 1);
    for (let i = 0; i < 16; i++) this.next();
  }

  /** The next 32 bits. */
  next(): number {
    const [x = 0, y = 0, z = 0, w = 0] = this.#state;
    const t = x ^ (x << 11);
    this.#state.set([y, z, w, w ^ (w >>> 19) ^ t ^ (t >>> 8)]);
    return this.#state[3] as number;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.next().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }

  /** Letters and digits, as session identifiers have them. */
  token(length: number): string {
    return Array.from({ length }, () => this.pick(ALPHANUMERIC)).join("");
  }
}

const ALPHANUMERIC: readonly string[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".split("");

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
