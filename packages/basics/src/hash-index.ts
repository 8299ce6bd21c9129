import { present } from "./assert.ts";
import type { Bytes } from "./bytes.ts";

const HASH_SIZE = 32;
const FIRST_SLOTS = 1024;

const DIGITS = "0123456789abcdef";

/** Values of the characters 0-9 and a-f. */
const NIBBLE: Uint8Array = Uint8Array.from({ length: 103 }, (_, code) => {
  const value = DIGITS.indexOf(String.fromCharCode(code));
  return value < 0 ? 0 : value;
});

/**
 * Numbers 32-byte hashes 0, 1, 2… in the order in which they first appear: about 45 bytes a hash, where a Map of
 * strings takes three times as much. The numbers differ from station to station and must not enter a digest.
 */
export class HashIndex {
  #pool: Bytes = new Uint8Array(FIRST_SLOTS * HASH_SIZE);
  #slots: Int32Array = new Int32Array(2 * FIRST_SLOTS);
  #count = 0;
  readonly #scratch: Bytes = new Uint8Array(HASH_SIZE);
  readonly #codes: number[] = Array.from({ length: 2 * HASH_SIZE }, () => 0);

  get size(): number {
    return this.#count;
  }

  /** The number of the hash of 32 bytes that begins at `at`, which is given one if it has none. */
  intern(hash: Bytes, at = 0): number {
    const slot = this.#slotOf(hash, at);
    const known = this.#slots[slot] as number;
    return known > 0 ? known - 1 : this.#add(hash, at, slot);
  }

  /** As `intern`, for 64 hexadecimal characters that have been checked already. */
  internHex(hex: string): number {
    return this.intern(this.#fromHex(hex));
  }

  /** The number of a hash of 32 bytes, where it has one. */
  find(hash: Bytes): number | undefined {
    const known = this.#slots[this.#slotOf(hash, 0)] as number;
    return known > 0 ? known - 1 : undefined;
  }

  /** As `find`, for 64 hexadecimal characters that have been checked already. */
  findHex(hex: string): number | undefined {
    return this.find(this.#fromHex(hex));
  }

  hex(id: number): string {
    const start = id * HASH_SIZE;
    for (let i = 0; i < HASH_SIZE; i++) {
      const byte = this.#pool[start + i] as number;
      this.#codes[2 * i] = DIGITS.charCodeAt(byte >>> 4);
      this.#codes[2 * i + 1] = DIGITS.charCodeAt(byte & 15);
    }
    return String.fromCharCode(...this.#codes);
  }

  #add(hash: Bytes, at: number, slot: number): number {
    const id = this.#count++;
    if (this.#pool.length === id * HASH_SIZE) {
      const grown = new Uint8Array(2 * this.#pool.length);
      grown.set(this.#pool);
      this.#pool = grown;
    }
    for (let i = 0; i < HASH_SIZE; i++) this.#pool[id * HASH_SIZE + i] = hash[at + i] as number;
    this.#slots[slot] = id + 1;
    if (2 * this.#count > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let id = 0; id < this.#count; id++) {
      this.#slots[this.#slotOf(this.#pool, id * HASH_SIZE)] = id + 1;
    }
  }

  /** Where the hash stands, or the free slot where it belongs. Hashes are uniform, so their own bytes spread them. */
  #slotOf(hash: Bytes, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = word(hash, at) & mask;
    for (;;) {
      const held = this.#slots[slot] as number;
      if (held === 0 || this.#holds(held - 1, hash, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #holds(id: number, hash: Bytes, at: number): boolean {
    const start = id * HASH_SIZE;
    for (let i = 0; i < HASH_SIZE; i++) if (this.#pool[start + i] !== hash[at + i]) return false;
    return true;
  }

  #fromHex(hex: string): Bytes {
    for (let i = 0; i < HASH_SIZE; i++) {
      const high = present(NIBBLE[hex.charCodeAt(2 * i)], "a hexadecimal digit");
      const low = present(NIBBLE[hex.charCodeAt(2 * i + 1)], "a hexadecimal digit");
      this.#scratch[i] = 16 * high + low;
    }
    return this.#scratch;
  }
}

function word(hash: Bytes, at: number): number {
  return (
    ((hash[at] as number) << 24) |
    ((hash[at + 1] as number) << 16) |
    ((hash[at + 2] as number) << 8) |
    (hash[at + 3] as number)
  );
}
