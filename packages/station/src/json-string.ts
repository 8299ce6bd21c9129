import type { Bytes } from "@detente/basics";

const BACKSLASH = 0x5c;

/** Whether a quote within a string is one of its characters: an odd number of backslashes stands before it. */
export function isEscaped(bytes: Bytes, quote: number): boolean {
  let escapes = 0;
  while (bytes[quote - 1 - escapes] === BACKSLASH) escapes++;
  return escapes % 2 === 1;
}
