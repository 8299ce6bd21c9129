import type { Bytes } from "./bytes.ts";

/** Deeper input is not looked at here. */
const MAX_DEPTH = 64;
/** Decimal digits that every double holds exactly, so that they are how ECMAScript prints it. */
const MAX_DIGITS = 15;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;
/** Escapes that are the only form of their character: `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t` (RFC 8785 §3.2.2.2). */
const SHORT_ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\bfnrt', (letter) => letter.charCodeAt(0)));

/** Where the key before stands, by depth; -1 in arrays, 0 where an object has none yet. One scan runs at a time. */
const keyStart = new Int32Array(MAX_DEPTH + 1);
const keyEnd = new Int32Array(MAX_DEPTH + 1);

/**
 * Whether JSON text, known to be valid, is in the canonical form of RFC 8785 beyond doubt, by one look at each byte:
 * no white space, names in ASCII without escapes and ascending, whole numbers of at most 15 digits, no escape but
 * those that have no other form. `false` only means that the long way must decide.
 */
export function isPlainlyCanonical(text: Bytes): boolean {
  return plainValueEnd(text, 0, 0) === text.length;
}

/**
 * Where the JSON value that begins at `start` ends, if it is one and in canonical form beyond doubt; -1 where the long
 * way must decide. Whether it is JSON at all is left to the caller: then this is its end and its form.
 * @param outer how many objects and arrays the value stands in
 */
export function plainValueEnd(text: Bytes, start: number, outer: number): number {
  let depth = outer;
  let isName = false;
  keyStart[depth] = -1;
  for (let at = start; at < text.length;) {
    const byte = text[at] as number;
    if (byte === QUOTE) {
      const end = isName ? nameEnd(text, at + 1) : stringEnd(text, at + 1);
      if (end < 0) return -1;
      if (isName) {
        const before = keyStart[depth] as number;
        if (before > 0 && !isLess(text, before, keyEnd[depth] as number, at + 1, end)) return -1;
        keyStart[depth] = at + 1;
        keyEnd[depth] = end;
        isName = false;
      }
      at = end + 1;
    } else if (byte === 0x2c) {
      if (depth === outer) return at;
      isName = (keyStart[depth] as number) >= 0;
      at++;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH) return -1;
      isName = byte === 0x7b;
      keyStart[depth] = isName ? 0 : -1;
      at++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (depth === outer) return at;
      depth--;
      isName = false;
      at++;
    } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      at = integerEnd(text, at);
      if (at < 0) return -1;
    } else if (byte === 0x3a || (byte >= 0x61 && byte <= 0x7a)) {
      at++;
    } else return -1;
  }
  return depth === outer ? text.length : -1;
}

/** The closing quote of a string; -1 where it has an escape that may have another form. */
function stringEnd(text: Bytes, start: number): number {
  for (let at = start; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH && !SHORT_ESCAPES.has(text[++at] as number)) return -1;
  }
  return -1;
}

/** The closing quote of a name; -1 where it is not plain ASCII. */
function nameEnd(text: Bytes, start: number): number {
  for (let at = start; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte >= DELETE) return -1;
  }
  return -1;
}

/** Behind a whole number that is printed as it stands; -1 for other numbers, `-0` among them. */
function integerEnd(text: Bytes, start: number): number {
  const first = text[start] === 0x2d ? start + 1 : start;
  let at = first;
  while (at < text.length && (text[at] as number) >= 0x30 && (text[at] as number) <= 0x39) at++;
  const next = text[at];
  if (at - first > MAX_DIGITS || next === 0x2e || next === 0x45 || next === 0x65) return -1;
  return first > start && text[first] === 0x30 ? -1 : at;
}

function isLess(text: Bytes, a: number, aEnd: number, b: number, bEnd: number): boolean {
  for (; a < aEnd && b < bEnd; a++, b++) {
    if (text[a] !== text[b]) return (text[a] as number) < (text[b] as number);
  }
  return a === aEnd && b < bEnd;
}
