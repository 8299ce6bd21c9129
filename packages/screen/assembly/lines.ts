import { candidates, CANDIDATE, MAX_CANDIDATES, rawBitmaps } from "./area";
import {
  afterLastBit,
  anyHigh,
  anyHit,
  anyHost,
  anyOdd,
  beginBitmaps,
  bitmaps,
  firstBit,
  HIGH,
  HIT,
  HOST,
  limit,
  markHitBefore,
  MAX_LINE,
  NEWLINE,
  origin,
  wordCount,
} from "./bitmaps";
import { readOddities } from "./oddities";
import { isScheme } from "./emails";
import { HAS_SCHEME_NAMES } from "./layout";
import { sift } from "./sift";
import { flags } from "./state";
import { isUtf8 } from "./utf8";

/** What the host says about a log: JSON's or syslog's escapes are undone; lines that begin with `#` are candidates. */
const IS_JSON: u32 = 1;
const HAS_HEADERS: u32 = 2;
const IS_SYSLOG: u32 = 4;
/** As much as is read at once, so that its bits stay in the processor's first cache. */
const CHUNK: usize = 16 * 1024;

/** What a scan has counted, for the host. */
export let lines: u32 = 0;
export let candidateCount: u32 = 0;
export let invalidLines: u32 = 0;
/** The first line that is not UTF-8, from 0. */
export let firstInvalid: u32 = 0;
/** Where the scan stopped: at the end, at a long line, or because there was no room for more candidates. */
export let scannedTo: usize = 0;
/** Whether a line begins there that is too long to be scanned as one. */
export let isLong: boolean = false;

/**
 * Scans whole lines, of which the last need not have its end, and lists those on which the walker may report a hit:
 * all on which it does, and few others.
 * @param start there must be room to read a little before and behind the text
 */
export function scan(start: usize, end: usize, how: u32): void {
  lines = 0;
  candidateCount = 0;
  invalidLines = 0;
  scannedTo = start;
  isLong = false;
  while (scannedTo < end && candidateCount + <u32>CHUNK < MAX_CANDIDATES) {
    const stop = chunkEnd(scannedTo, end);
    isLong = stop - scannedTo > MAX_LINE && !(stop - scannedTo === MAX_LINE + 1 && <u32>load<u8>(stop - 1) === 0x0a);
    if (isLong) return;
    readChunk(scannedTo, stop, how);
    scannedTo = stop;
  }
}

/** Behind the last whole line that fits, or behind the first one. */
function chunkEnd(start: usize, end: usize): usize {
  if (end - start <= CHUNK) return end;
  let stop = start + CHUNK;
  while (stop > start && <u32>load<u8>(stop - 1) !== 0x0a) stop--;
  if (stop > start) return stop;
  stop = start + CHUNK;
  while (stop < end && <u32>load<u8>(stop) !== 0x0a) stop++;
  return min(stop + 1, end);
}

function readChunk(start: usize, end: usize, how: u32): void {
  beginBitmaps(rawBitmaps, start, end);
  sift();
  if (anyOdd !== 0) readOddities((how & IS_JSON) !== 0, (how & IS_SYSLOG) !== 0, (how & HAS_HEADERS) !== 0);
  if ((flags & HAS_SCHEME_NAMES) !== 0) markSchemes();
  settleLines((anyHit | anyHost | anyHigh) !== 0);
  if (<u32>load<u8>(end - 1) !== 0x0a) lines++;
}

/** A defanged scheme can be the end of a name. */
function markSchemes(): void {
  for (let at = origin; at + 1 < limit; at++) {
    if (isScheme(load<u8>(at), load<u8>(at + 1))) markHitBefore(at + 1 - origin);
  }
}

/** Counts the lines of the chunk and settles those in which something is marked. */
function settleLines(hasMarks: boolean): void {
  const count = wordCount(limit - origin);
  let settled: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const word = bitmaps + (i << 3);
    const newline = load<u64>(word, NEWLINE);
    if (hasMarks) {
      let marks = load<u64>(word, HIT) | load<u64>(word, HOST) | load<u64>(word, HIGH);
      for (; marks !== 0; marks &= marks - 1) {
        const offset = (i << 6) + <usize>ctz(marks);
        if (offset >= settled) settled = settleLine(offset, lines + <u32>popcnt(newline & ((marks & -marks) - 1)));
      }
    }
    lines += <u32>popcnt(newline);
  }
}

/** Decides about the line around an offset. @returns where it ends */
function settleLine(offset: usize, number: u32): usize {
  const start = afterLastBit(NEWLINE, offset);
  const end = firstBit(NEWLINE, offset, limit - origin);
  if (firstBit(HIGH, start, end) < end && !isUtf8(origin + start, origin + end)) {
    if (invalidLines++ === 0) firstInvalid = number;
  }
  const isHit = firstBit(HIT, start, end) < end;
  if (isHit || (firstBit(HOST, start, end) < end && mayHaveTarget(origin + start, origin + end))) {
    const at = candidates + <usize>candidateCount * CANDIDATE;
    candidateCount++;
    store<u32>(at, <u32>(origin + start));
    store<u32>(at, <u32>(end - start), 4);
    store<u32>(at, number, 8);
    const firstMark = min(firstBit(HIT, start, end), firstBit(HOST, start, end));
    const lastMark = max(afterLastBit(HIT, end), afterLastBit(HOST, end)) - 1;
    store<u32>(at, <u32>(firstMark - start), 12);
    store<u32>(at, <u32>(lastMark - start), 16);
  }
  return end;
}

/** Whether a byte of the line is a slash, or a backslash that may stand for one: without, it holds no URL. */
function mayHaveTarget(start: usize, end: usize): boolean {
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code === 0x2f || code === 0x5c) return true;
  }
  return false;
}
