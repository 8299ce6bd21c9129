import { RECORD } from "./bitmaps";
import { MARGIN, useKey } from "./state";

/** The longest line that is scanned as one; see `lines.ts` of the host. */
export const MAX_LINE: usize = 1024 * 1024;
const ROOM: usize = MAX_LINE + 64;
/** A candidate: offset, length and number of its line. */
export const CANDIDATE: usize = 12;
/** As many as one chunk can have, and one chunk more. */
export const MAX_CANDIDATES: u32 = 64 * 1024;

const RECORDS: usize = ((ROOM >> 6) + 2) * RECORD;
const KEY: usize = 8192 + 2 * MARGIN;

/** What of a thread's memory serves what. */
export let rawRecords: usize = 0;
export let plainRecords: usize = 0;
export let plainText: usize = 0;
export let candidates: usize = 0;

/** Bytes that a thread needs beside the text that it scans. */
export function areaSize(): usize {
  return KEY + 2 * RECORDS + ROOM + 2 * MARGIN + <usize>MAX_CANDIDATES * CANDIDATE;
}

export function useArea(at: usize): void {
  useKey(at);
  rawRecords = at + KEY;
  plainRecords = rawRecords + RECORDS;
  plainText = plainRecords + RECORDS + MARGIN;
  candidates = plainText + ROOM + MARGIN;
}
