import { BITMAPS, MAX_LINE } from "./bitmaps";
import { KNOWN_NUMBERS, useKnownNumbers } from "./known-numbers";
import { LISTS, useLists } from "./run-ends";
import { MARGIN, useKey } from "./state";

const ROOM: usize = MAX_LINE + 64;
/** A candidate: offset, length and number of its line, and where in it the first and the last mark is. */
export const CANDIDATE: usize = 20;
/** As many as one chunk can have, and one chunk more. */
export const MAX_CANDIDATES: u32 = 64 * 1024;

const KEY: usize = 8192 + 2 * MARGIN;

/** What of a thread's memory serves what. */
export let rawBitmaps: usize = 0;
export let plainBitmaps: usize = 0;
export let plainText: usize = 0;
export let candidates: usize = 0;

/** Bytes that a thread needs beside the text that it scans. */
export function areaSize(): usize {
  return KEY + 2 * BITMAPS + LISTS + KNOWN_NUMBERS + ROOM + 2 * MARGIN + <usize>MAX_CANDIDATES * CANDIDATE;
}

export function useArea(at: usize): void {
  useKey(at);
  rawBitmaps = at + KEY;
  plainBitmaps = rawBitmaps + BITMAPS;
  useLists(plainBitmaps + BITMAPS);
  useKnownNumbers(plainBitmaps + BITMAPS + LISTS);
  plainText = plainBitmaps + BITMAPS + LISTS + KNOWN_NUMBERS + MARGIN;
  candidates = plainText + ROOM + MARGIN;
}
