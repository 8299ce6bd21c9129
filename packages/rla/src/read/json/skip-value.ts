import { LIMITS } from "../input.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** In place of an offset: the bytes end inside the value. */
export const INCOMPLETE = -1;
/** In place of an offset: this is no JSON. */
export const BROKEN = -2;
/** In place of an offset: nested deeper than `LIMITS.depth`. */
export const TOO_DEEP = -3;

/** 1 for bytes that neither open nor close anything inside an array or object. */
const IS_PLAIN: Uint8Array = new Uint8Array(256).fill(1);
for (const code of [QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]) IS_PLAIN[code] = 0;

/**
 * The offset behind the JSON value that begins at `from`, found by its brackets and quotes alone; or one of the three
 * codes above. A number or word at the very end of the bytes is incomplete, as more of it may come.
 */
export function skipValue(bytes: Uint8Array, from: number, depth = 0): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return skipWord(bytes, from);
  let level = 0;
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at] as number;
    if (IS_PLAIN[code] === 1) continue;
    if (code === QUOTE) {
      at = skipString(bytes, at) - 1;
      if (at < 0) return INCOMPLETE;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++level + depth > LIMITS.depth) return TOO_DEEP;
    } else if (--level === 0) return at + 1;
  }
  return INCOMPLETE;
}

/** The offset behind the string that begins at `from`, or `INCOMPLETE`. */
export function skipString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return INCOMPLETE;
}

function skipWord(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const code = bytes[at] as number;
    if (code === COMMA || code === CLOSE_ARRAY || code === CLOSE_OBJECT || code <= 0x20) break;
  }
  if (at === bytes.length) return at === from ? BROKEN : INCOMPLETE;
  return at === from ? BROKEN : at;
}

/** The offset of the first byte from `from` on that is no white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const code = bytes[at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return at;
}
