/** A field of a protocol buffer: a number, or bytes with their offset. */
export interface ProtobufField {
  readonly number: number;
  /** Of a varint or a fixed-width field; beyond 2^53 not exact. */
  readonly value: number;
  /** Of a length-delimited field, else empty. */
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the message. */
  readonly at: number;
}

const NO_BYTES = new Uint8Array(0);
/** Wire types (Protocol Buffers documentation, "Encoding"); groups are long gone. */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** The fields of a message in their order, or `undefined` where it is damaged. */
export function protobufFields(message: Uint8Array): readonly ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  for (let at = 0; at < message.length;) {
    const tag = varint(message, at);
    if (tag === undefined) return undefined;
    at = tag.next;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (wire === VARINT || wire === BYTES) {
      const read = varint(message, at);
      if (read === undefined) return undefined;
      at = read.next;
      const length = wire === BYTES ? read.value : 0;
      if (length > message.length - at) return undefined;
      const bytes = wire === BYTES ? message.subarray(at, at + length) : NO_BYTES;
      fields.push({ number, value: read.value, bytes, at });
      at += length;
    } else if (wire === FIXED_64 || wire === FIXED_32) {
      const size = wire === FIXED_64 ? 8 : 4;
      if (message.length - at < size) return undefined;
      let value = 0;
      for (let i = size - 1; i >= 0; i--) value = value * 256 + (message[at + i] as number);
      fields.push({ number, value, bytes: NO_BYTES, at });
      at += size;
    } else return undefined;
  }
  return fields;
}

function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return undefined;
}
