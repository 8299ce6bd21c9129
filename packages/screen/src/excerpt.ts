import { latin1ToText } from "./latin1.ts";

/** Bytes of a line that are shown before and behind the beginning of what was found. */
const BEFORE = 120;
const AFTER = 240;

/**
 * What of a line stands around a place in it, as text; an ellipsis where something is left out.
 * @param line one character for each byte
 */
export function excerpt(line: string, place: number): string {
  const start = characterAt(line, Math.max(0, place - BEFORE));
  const end = characterAt(line, Math.min(line.length, place + AFTER));
  return `${start > 0 ? "…" : ""}${latin1ToText(line.slice(start, end))}${end < line.length ? "…" : ""}`;
}

/** The place, or the next behind it, at which no character of UTF-8 (RFC 3629 §3) is cut; of other bytes, any. */
function characterAt(line: string, place: number): number {
  for (let at = place; at < place + 4; at++) if ((line.charCodeAt(at) & 0xc0) !== 0x80) return at;
  return place;
}
