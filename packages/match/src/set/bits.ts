import { assert, type Bytes } from "@detente/basics";

/** Writes bits, the highest of each byte first, into bytes of a known number. */
export class BitWriter {
  readonly bytes: Bytes;
  #position = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** Writes the lowest `bits` (up to 32) of a value, the highest first. */
  write(value: number, bits: number): void {
    let left = bits;
    while (left > 0) {
      const room = 8 - (this.#position & 7);
      const taken = Math.min(room, left);
      left -= taken;
      const piece = Math.floor(value / 2 ** left) & ((1 << taken) - 1);
      const at = this.#position >>> 3;
      this.bytes[at] = (this.bytes[at] as number) | (piece << (room - taken));
      this.#position += taken;
    }
  }

  /** So many ones, then a zero. */
  unary(count: number): void {
    for (let left = count; left > 0; left -= 16) this.write(0xffff, Math.min(left, 16));
    this.write(0, 1);
    assert(this.#position <= 8 * this.bytes.length, "the size was reckoned beforehand");
  }
}

/** Reads what `BitWriter` wrote. Beyond the end there are zeros, and `isAtEnd` tells. */
export class BitReader {
  readonly #bytes: Bytes;
  #position = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** Up to 32 bits. */
  read(bits: number): number {
    let value = 0;
    let left = bits;
    while (left > 0) {
      const offset = this.#position & 7;
      const taken = Math.min(8 - offset, left);
      const byte = this.#bytes[this.#position >>> 3] ?? 0;
      value = value * 2 ** taken + ((byte >>> (8 - offset - taken)) & ((1 << taken) - 1));
      this.#position += taken;
      left -= taken;
    }
    return value;
  }

  unary(): number {
    let count = 0;
    while (this.read(1) === 1) count++;
    return count;
  }

  /** Whether all was read, but for less than a byte of zeros. */
  isAtEnd(): boolean {
    const left = 8 * this.#bytes.length - this.#position;
    return left >= 0 && left < 8 && this.read(left) === 0;
  }
}
