import { type Bytes, concatBytes } from "@detente/basics";

const LENGTH_BYTES = 4;

/** Fields of any length, each behind its length in 4 bytes, big-endian. */
export function joinFields(fields: readonly Bytes[]): Bytes {
  return concatBytes(
    ...fields.flatMap((field) => {
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint32(0, field.length);
      return [length, field];
    }),
  );
}

/** Takes fields apart. Once one is not whole, all that follow are empty, and `isAtEnd` says no. */
export class FieldReader {
  readonly #bytes: Bytes;
  #position = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  next(): Bytes {
    const bytes = this.#bytes;
    const start = this.#position + LENGTH_BYTES;
    if (start > bytes.length) return this.#broken();
    const end = start + new DataView(bytes.buffer, bytes.byteOffset + this.#position).getUint32(0);
    if (end > bytes.length) return this.#broken();
    this.#position = end;
    return bytes.slice(start, end);
  }

  isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  #broken(): Bytes {
    this.#position = this.#bytes.length + 1;
    return new Uint8Array(0);
  }
}
