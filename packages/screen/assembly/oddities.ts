import { plainBitmaps, plainText, rawBitmaps } from "./area";
import {
  afterLastBit,
  anyHigh,
  anyHit,
  anyHost,
  beginBitmaps,
  bitmaps,
  firstBit,
  limit,
  markHitBefore,
  markHostBefore,
  NEWLINE,
  ODD,
  origin,
  resumeBitmaps,
  wordCount,
} from "./bitmaps";
import { undoDefanging } from "./defang";
import { mayBeDisguise, undoHex, undoJson, undoPercent, undoSyslog } from "./disguise";
import { sift } from "./sift";

const BACKSLASH: u32 = 0x5c;
const NUMBER_SIGN: u32 = 0x23;

let hasHit: boolean = false;
let hasHost: boolean = false;

/**
 * Looks at the lines of the text in which a disguise may begin, as they are without it, and marks what is there.
 * @param hasHeaders whether lines that begin with `#` are marked too
 */
export function readOddities(isJson: boolean, isSyslog: boolean, hasHeaders: boolean): void {
  const count = wordCount(limit - origin);
  let done: usize = 0;
  /** The second backslash of a pair begins nothing. */
  let escaped: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    for (let odd = load<u64>(bitmaps + (i << 3), ODD); odd !== 0; odd &= odd - 1) {
      const offset = (i << 6) + <usize>ctz(odd);
      const at = origin + offset;
      const code = <u32>load<u8>(at);
      if (code === NUMBER_SIGN && hasHeaders && isLineStart(offset)) markHitBefore(offset + 1);
      if (offset < done || at === escaped) continue;
      if (isJson && code === BACKSLASH) escaped = at + 1;
      if (mayBeDisguise(at, isJson, isSyslog)) done = readDisguised(offset, isJson, isSyslog);
    }
  }
}

function isLineStart(offset: usize): boolean {
  return offset === 0 || <u32>load<u8>(origin + offset - 1) === 0x0a;
}

/** @returns where the line around the offset ends */
function readDisguised(offset: usize, isJson: boolean, isSyslog: boolean): usize {
  const from = origin;
  const to = limit;
  const start = afterLastBit(NEWLINE, offset);
  const end = firstBit(NEWLINE, offset, to - from);
  const high = anyHigh;
  const hit = anyHit;
  const host = anyHost;
  hasHit = hasHost = false;
  readLayers(from + start, from + end, isJson, isSyslog);
  resumeBitmaps(rawBitmaps, from, to, high, hit, host);
  // What is found has no place in the line as it stands, so all of it is marked.
  if (hasHit) {
    markHitBefore(start + 1);
    markHitBefore(end);
  }
  if (hasHost) {
    markHostBefore(start + 1);
    markHostBefore(end);
  }
  return end;
}

/** Undoes what a line's text is disguised by, layer by layer, and looks at what that leaves. */
function readLayers(start: usize, end: usize, isJson: boolean, isSyslog: boolean): void {
  const length = end - start;
  memory.copy(plainText, start, length);
  let stop = plainText + length;
  if (isJson) stop = undoJson(plainText, stop);
  stop = undoHex(plainText, stop);
  if (isSyslog) stop = undoSyslog(plainText, stop);
  stop = undoDefanging(plainText, stop);
  if (stop !== plainText + length) lookThrough(stop);
  const decoded = undoPercent(plainText, stop);
  if (decoded !== stop && !hasHit) lookThrough(decoded);
}

/** Looks at the plain text up to an address. */
function lookThrough(end: usize): void {
  beginBitmaps(plainBitmaps, plainText, end);
  sift();
  hasHit = hasHit || anyHit !== 0;
  hasHost = hasHost || anyHost !== 0;
}
