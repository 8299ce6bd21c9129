import { concatBytes } from "@detente/basics";

/**
 * What was left of the last piece of a file, and the next piece behind it. Always a plain `Uint8Array`: Node's `Buffer`
 * does not copy when it slices, and code that meets both is slower than code that meets one.
 */
export function joined(rest: Uint8Array, piece: Uint8Array): Uint8Array {
  if (rest.length > 0) return concatBytes(rest, piece);
  return piece.constructor === Uint8Array ? piece : new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
}

/** Bytes without the byte order mark that Windows programs write. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

export const NOTHING: Uint8Array = new Uint8Array(0);
