import { candidates, CANDIDATE, MAX_CANDIDATES, MAX_LINE, plainRecords, plainText, rawRecords } from "./area";
import { classify, COLON, NEWLINE, ODD, origin, RECORD, recordCount, useBitmaps } from "./bitmaps";
import { beginLine, hasHit, hasHost, markHit, useText } from "./candidate";
import { undoDefanging } from "./defang";
import { mayBeDisguise, undoHex, undoJson, undoPercent, undoSyslog } from "./disguise";
import { isScheme } from "./emails";
import { findIpv6 } from "./ipv6";
import { HAS_ADDRESSES, HAS_SCHEME_NAMES } from "./layout";
import { beginRuns, carry, resumeRuns, runBefore, runEnds } from "./run-ends";
import { findRun } from "./runs";
import { flags } from "./state";
import { isUtf8 } from "./utf8";

/** What the host says about a log: JSON's or syslog's escapes are undone; lines that begin with `#` are candidates. */
const IS_JSON: u32 = 1;
const HAS_HEADERS: u32 = 2;
const IS_SYSLOG: u32 = 4;
const HASH_SIGN: u32 = 0x23;
/** As much as is classified at once, so that its bits stay in the processor's first cache. */
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

let mode: u32 = 0;
let rawStart: usize = 0;
let isDisguised: boolean = false;
let hasHigh: boolean = false;
let hasColons: boolean = false;
/** The second backslash of a pair begins nothing. */
let escaped: usize = 0;

/**
 * Scans whole lines, of which the last need not have its end, and lists those on which the walker may report a hit:
 * all on which it does, and few others.
 * @param start there must be room to read a little before and behind the text
 */
export function scan(start: usize, end: usize, how: u32): void {
  mode = how;
  lines = 0;
  candidateCount = 0;
  invalidLines = 0;
  scannedTo = start;
  isLong = false;
  while (scannedTo < end && candidateCount + <u32>CHUNK < MAX_CANDIDATES) {
    const stop = chunkEnd(scannedTo, end);
    isLong = stop - scannedTo > MAX_LINE && !(stop - scannedTo === MAX_LINE + 1 && <u32>load<u8>(stop - 1) === 0x0a);
    if (isLong) return;
    readChunk(scannedTo, stop);
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

function readChunk(start: usize, end: usize): void {
  classify(rawRecords, start, end);
  beginRuns();
  nextLine(start);
  const count = recordCount(end - start);
  for (let i: usize = 0; i < count; i++) {
    const record = rawRecords + i * RECORD;
    const ends = runEnds(record);
    const newline = load<u64>(record, NEWLINE);
    const odd = load<u64>(record, ODD);
    const colon = load<u64>(record, COLON);
    for (let events = ends | newline | odd | colon; events !== 0; events &= events - 1) {
      const offset = (i << 6) + <usize>ctz(events);
      const bit = events & -events;
      if ((ends & bit) !== 0 && !hasHit) findRun(offset);
      if ((newline & bit) !== 0) {
        endLine(start + offset);
        nextLine(start + offset + 1);
      } else if ((odd & bit) !== 0) noteOdd(start + offset);
      else if ((colon & bit) !== 0) hasColons = true;
    }
  }
  if (rawStart < end) endLine(end);
}

function nextLine(start: usize): void {
  rawStart = start;
  isDisguised = false;
  hasHigh = false;
  hasColons = false;
  escaped = 0;
  beginLine(start);
}

function noteOdd(at: usize): void {
  const code = <u32>load<u8>(at);
  if (code >= 0x80) hasHigh = true;
  else if (!isDisguised && at !== escaped) {
    const isJson = (mode & IS_JSON) !== 0;
    isDisguised = mayBeDisguise(at, isJson, (mode & IS_SYSLOG) !== 0);
    if (isJson && code === 0x5c) escaped = at + 1;
  }
}

function endLine(end: usize): void {
  if ((mode & HAS_HEADERS) !== 0 && end > rawStart && <u32>load<u8>(rawStart) === HASH_SIGN) markHit();
  if (hasColons && !hasHit && (flags & HAS_ADDRESSES) !== 0) findIpv6(rawStart, end);
  if (isDisguised && !hasHit) readDisguised(rawStart, end);
  if (hasHost && !hasHit && mayHaveTarget(rawStart, end)) markHit();
  if ((flags & HAS_SCHEME_NAMES) !== 0 && !hasHit && hasScheme(rawStart, end)) markHit();
  if (hasHigh && !isUtf8(rawStart, end)) {
    if (invalidLines++ === 0) firstInvalid = lines;
  }
  if (hasHit) {
    const at = candidates + <usize>candidateCount * CANDIDATE;
    candidateCount++;
    store<u32>(at, <u32>rawStart);
    store<u32>(at, <u32>(end - rawStart), 4);
    store<u32>(at, lines, 8);
  }
  lines++;
}

/** Undoes what a line's text is disguised by, layer by layer, and looks at what that leaves. */
function readDisguised(start: usize, end: usize): void {
  const chunk = origin;
  const carried = carry;
  const before = runBefore;
  const length = end - start;
  memory.copy(plainText, start, length);
  let stop = plainText + length;
  if ((mode & IS_JSON) !== 0) stop = undoJson(plainText, stop);
  stop = undoHex(plainText, stop);
  if ((mode & IS_SYSLOG) !== 0) stop = undoSyslog(plainText, stop);
  stop = undoDefanging(plainText, stop);
  useText(plainText);
  if (stop !== plainText + length) lookThrough(plainText, stop);
  const decoded = undoPercent(plainText, stop);
  if (decoded !== stop && !hasHit) lookThrough(plainText, decoded);
  useBitmaps(rawRecords, chunk);
  resumeRuns(carried, before);
}

/** Looks at a text of one line that has no disguise any more. */
function lookThrough(start: usize, end: usize): void {
  classify(plainRecords, start, end);
  beginRuns();
  let colons: u64 = 0;
  const count = recordCount(end - start);
  for (let i: usize = 0; i < count; i++) {
    const record = plainRecords + i * RECORD;
    colons |= load<u64>(record, COLON);
    for (let ends = runEnds(record); ends !== 0; ends &= ends - 1) {
      findRun((i << 6) + <usize>ctz(ends));
      if (hasHit) return;
    }
  }
  if (colons !== 0 && (flags & HAS_ADDRESSES) !== 0) findIpv6(start, end);
}

/** Whether a byte of the line is a slash, or a backslash that may stand for one: without, it holds no URL. */
function mayHaveTarget(start: usize, end: usize): boolean {
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code === 0x2f || code === 0x5c) return true;
  }
  return false;
}

function hasScheme(start: usize, end: usize): boolean {
  for (let at = start; at + 1 < end; at++) if (isScheme(load<u8>(at), load<u8>(at + 1))) return true;
  return false;
}
