import type { Bytes } from "@detente/basics";

const ZERO = 0x30;
const NINE = 0x39;
/** Decimal digits that are surely a safe integer. */
const MAX_DIGITS = 15;

/** Values of the hexadecimal digits, by character code; 255 for any other. */
const NIBBLES: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/**
 * Reads canonical JSON whose members are known beforehand. RFC 8785 leaves it one spelling, so that every byte has its
 * place and nothing has to be parsed, looked up or kept apart from its digits. What is not as expected is told by -1 or
 * false, and where the reader then stands does not matter.
 */
export class Spelling {
  readonly bytes: Bytes;
  at = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Passes these bytes if they come next. */
  passes(expected: Bytes): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.at = at + expected.length;
    return true;
  }

  /** Passes the first of these that comes next, and gives its place in the list; -1 for none. */
  oneOf(words: readonly Bytes[]): number {
    for (let i = 0; i < words.length; i++) if (this.passes(words[i] as Bytes)) return i;
    return -1;
  }

  /** Passes a whole number, not negative and of at most 15 digits; -1 for another or none. */
  integer(): number {
    const start = this.at;
    let value = 0;
    for (;;) {
      const byte = this.bytes[this.at] as number;
      if (!(byte >= ZERO && byte <= NINE)) break;
      value = 10 * value + (byte - ZERO);
      this.at++;
    }
    const digits = this.at - start;
    return digits === 0 || digits > MAX_DIGITS || (digits > 1 && this.bytes[start] === ZERO) ? -1 : value;
  }

  /** Passes the 64 hexadecimal digits of 32 bytes and writes those to `into`, where there is one. */
  hash(into: Bytes | undefined, offset: number): boolean {
    const { bytes, at } = this;
    let flaws = 0;
    for (let i = 0; i < 32; i++) {
      const high = NIBBLES[bytes[at + 2 * i] as number] as number;
      const low = NIBBLES[bytes[at + 2 * i + 1] as number] as number;
      flaws |= high | low;
      if (into !== undefined) into[offset + i] = (high << 4) | low;
    }
    this.at = at + 64;
    return flaws < 16 && this.at <= bytes.length;
  }
}
