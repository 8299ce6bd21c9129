import { MAX_LINE } from "@detente/screen";

/** So many bytes at the end of what there is of a line are searched for a place to cut it. */
export const SEARCHED_FOR_CUT: number = 64 * 1024;
/** A line of which there is more, and no end, is not waited for: whoever writes it may never end it. */
export const LONGEST_OPEN: number = MAX_LINE + SEARCHED_FOR_CUT;

/**
 * Where to cut a line that is too long to be waited for: behind a byte that stands in no indicator, so that none is cut
 * in two. Where the last 64 KiB have none, they hold no indicator either, and the cut is at the end.
 */
export function cutOf(bytes: Uint8Array): number {
  const lowest = Math.max(0, bytes.length - SEARCHED_FOR_CUT);
  for (let at = bytes.length; at > lowest; at--) if (isBetween(bytes[at - 1] as number)) return at;
  return bytes.length;
}

/** Blanks, control characters and the delimiters of RFC 3986 appendix C. */
function isBetween(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22 || byte === 0x3c || byte === 0x3e;
}
