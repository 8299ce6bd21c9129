const FIRST_SLOTS = 1 << 12;

/**
 * Remembers which ids a file has used, in 8 bytes and a free slot for each. Only 64 bits of a hash are kept: two
 * different ids are taken for one with a chance of 10⁻⁶ among six million, which refuses a card and hides none.
 */
export class IdSet {
  #slots: Int32Array = new Int32Array(2 * FIRST_SLOTS);
  #count = 0;

  /** Whether the id is new. */
  add(id: string): boolean {
    let a = 0x811c9dc5;
    let b = 0x9747b28c | 0;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
      b ^= b >>> 15;
    }
    a = Math.imul(a ^ (a >>> 16), 0xc2b2ae35);
    // A pair of zeros is a free slot.
    if (!this.#put(a, b === 0 ? 1 : b)) return false;
    if (2 * ++this.#count > this.#slots.length / 2) this.#grow();
    return true;
  }

  #put(a: number, b: number): boolean {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = (a ^ (b >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const [first, second] = [slots[2 * slot], slots[2 * slot + 1]];
      if (first === a && second === b) return false;
      if (second === 0) {
        slots[2 * slot] = a;
        slots[2 * slot + 1] = b;
        return true;
      }
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) this.#put(old[i] as number, old[i + 1] as number);
    }
  }
}
