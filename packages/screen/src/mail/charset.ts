import { bytesToLatin1, isAscii, latin1ToBytes } from "../latin1.ts";

/** Turns bytes of a character set into bytes of UTF-8, a character each, piece by piece. */
export type CharsetDecoder = (bytes: string) => string;

const AS_IT_STANDS: ReadonlySet<string> = new Set(["", "utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8"]);
/** Encodings in which bytes below 0x80 may mean other characters than ASCII's. */
const STATEFUL = /^(?:utf-16|iso-2022|replacement)/;
const encoder = new TextEncoder();

/** Leaves bytes as they are: UTF-8, what is part of it, and what nothing is known about. */
export const AS_BYTES: CharsetDecoder = (bytes) => bytes;

/** The decoder of a character set by its name in mail (the WHATWG Encoding standard's labels), if there is one. */
export function charsetDecoder(name: string): CharsetDecoder | undefined {
  if (AS_IT_STANDS.has(name.toLowerCase())) return AS_BYTES;
  try {
    const decoder = new TextDecoder(name);
    const keepsAscii = !STATEFUL.test(decoder.encoding);
    let isBetween = true;
    return (bytes) => {
      const isPlain = keepsAscii && isAscii(bytes);
      // Decoding costs far more than looking, and most of most mail is ASCII.
      if (bytes === "" || (isPlain && isBetween)) return bytes;
      isBetween = isPlain;
      return bytesToLatin1(encoder.encode(decoder.decode(latin1ToBytes(bytes), { stream: true })));
    };
  } catch {
    return undefined;
  }
}
