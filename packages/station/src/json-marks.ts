import type { Bytes } from "@detente/basics";
import { Pace } from "@detente/store";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** Bytes that are looked at before the clock is: less than a few milliseconds. */
const PIECE: number = 64 * 1024;

/**
 * Calls `visit` for each bracket and comma of a JSON text that is in no string (RFC 8259 §2), in their order, while
 * others have their turn. Nothing else of the text is checked.
 * @param visit given the byte, its place and how many brackets are open around it; false ends the scan
 */
export async function eachMark(
  bytes: Bytes,
  visit: (mark: number, at: number, depth: number) => boolean,
): Promise<void> {
  const pace = new Pace();
  let looked = 0;
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < bytes.length; i++) {
    if (i >= looked + PIECE) {
      looked = i;
      if (pace.isOver) await pace.rest();
    }
    if (isInString) {
      i = bytes.indexOf(QUOTE, i);
      if (i === -1) return;
      isInString = isEscaped(bytes, i);
      continue;
    }
    const byte = bytes[i];
    if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (!visit(byte, i, depth++)) return;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (!visit(byte, i, --depth)) return;
    } else if (byte === COMMA && !visit(byte, i, depth)) return;
  }
}

/** Whether a quote within a string is one of its characters: an odd number of backslashes stands before it. */
function isEscaped(bytes: Bytes, quote: number): boolean {
  let escapes = 0;
  while (bytes[quote - 1 - escapes] === BACKSLASH) escapes++;
  return escapes % 2 === 1;
}
