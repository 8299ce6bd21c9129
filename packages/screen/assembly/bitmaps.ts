import { classesOf, equals, hasOddity, IS_LETTER, IS_TOKEN, mask, oddities, within } from "./classes";

// What each byte of a text is, as bits: a bitmap for each class.

/** The longest line that is scanned as one; see `lines.ts` of the host. */
export const MAX_LINE: usize = 1024 * 1024;
/** A word for each 64 bytes, and one without bits before them; no power of two, which would share sets of a cache. */
const BITMAP: usize = (MAX_LINE >> 3) + 192;

/** Where the bitmaps of a text begin, in bytes from the first. */
export const TOKEN: usize = 8;
export const DOT: usize = TOKEN + BITMAP;
/** Token characters that no number has. */
export const LETTER: usize = DOT + BITMAP;
export const HIGH: usize = LETTER + BITMAP;
export const NEWLINE: usize = HIGH + BITMAP;
/** Where a disguise may begin. */
export const ODD: usize = NEWLINE + BITMAP;
/** Colons that an IPv6 address may have: the second of two, and those of a dense row. */
export const COLON: usize = ODD + BITMAP;
/** Where something is that makes its line a candidate, whatever else is there; where the host of some URL is. */
export const HIT: usize = COLON + BITMAP;
export const HOST: usize = HIT + BITMAP;
export const BITMAPS: usize = HOST + BITMAP;

/** The bitmaps of the text that is being read, and where it begins and ends. */
export let bitmaps: usize = 0;
export let origin: usize = 0;
export let limit: usize = 0;

/** Which bitmaps have any bit. */
export let anyOdd: u64 = 0;
export let anyColon: u64 = 0;
export let anyHigh: u64 = 0;
export let anyHit: u64 = 0;
export let anyHost: u64 = 0;

let colonsBefore: u64 = 0;
let closeBefore: u64 = 0;

/** Begins a text. */
export function beginBitmaps(at: usize, start: usize, end: usize): void {
  resumeBitmaps(at, start, end, 0, 0, 0);
  anyOdd = anyColon = 0;
  colonsBefore = closeBefore = 0;
  store<u64>(at + TOKEN - 8, 0);
  store<u64>(at + DOT - 8, 0);
}

/** Goes on with the bitmaps of a text that was read before, and of which this was told. */
export function resumeBitmaps(at: usize, start: usize, end: usize, high: u64, hit: u64, host: u64): void {
  bitmaps = at;
  origin = start;
  limit = end;
  anyHigh = high;
  anyHit = hit;
  anyHost = host;
}

/** How many words a text has: its last run may end right behind it. */
export function wordCount(length: usize): usize {
  return (length >> 6) + 1;
}

/** Fills the bitmaps from a word of the text to another one. */
export function classify(from: usize, to: usize): void {
  const at = bitmaps;
  const start = origin;
  let highs: u64 = 0;
  let odds: u64 = 0;
  for (let i: usize = from; i < to; i++) {
    const text = start + (i << 6);
    const word = at + (i << 3);
    const a = v128.load(text);
    const b = v128.load(text, 16);
    const c = v128.load(text, 32);
    const d = v128.load(text, 48);
    const newline = equals(a, b, c, d, 0x0a);
    const dot = equals(a, b, c, d, 0x2e);
    const colon = equals(a, b, c, d, 0x3a);
    const high = mask(a, b, c, d);
    const e = classesOf(a);
    const f = classesOf(b);
    const g = classesOf(c);
    const h = classesOf(d);
    const token = within(e, f, g, h, IS_TOKEN);
    const letter = within(e, f, g, h, IS_LETTER);
    // A log has hardly any or has them everywhere, where guessing word by word would cost more than to look.
    const isOdd = odds !== 0 || hasOddity(v128.or(v128.or(e, f), v128.or(g, h)));
    const odd = isOdd ? oddities(text, e, f, g, h) : 0;
    store<u64>(word, token | high, TOKEN);
    store<u64>(word, dot, DOT);
    store<u64>(word, letter | high, LETTER);
    store<u64>(word, high, HIGH);
    store<u64>(word, newline, NEWLINE);
    store<u64>(word, odd, ODD);
    store<u64>(word, noteColons(colon), COLON);
    store<u64>(word, 0, HIT);
    store<u64>(word, 0, HOST);
    highs |= high;
    odds |= odd;
  }
  anyHigh |= highs;
  anyOdd |= odds;
  if (to === wordCount(limit - start)) trim(at + ((to - 1) << 3), (<u64>1) << (<u64>(limit - start) & 63));
}

/** Takes what lies behind the text out of its last word. @param end the bit behind it */
function trim(word: usize, end: u64): void {
  for (let bitmap: usize = TOKEN; bitmap <= COLON; bitmap += BITMAP) {
    store<u64>(word + bitmap, load<u64>(word + bitmap) & (end - 1));
  }
}

/**
 * Of the colons of a word those that an address may have. An address without `::` has at least six colons in 64 bytes
 * with another one at most five bytes before them; times and MAC addresses have fewer.
 */
function noteColons(colon: u64): u64 {
  if ((colon | colonsBefore) === 0) {
    closeBefore = 0;
    return 0;
  }
  // Written out, as the compiler keeps a loop.
  let near = (colon << 1) | (colon << 2) | (colon << 3) | (colon << 4) | (colon << 5);
  near |= (colonsBefore >> 63) | (colonsBefore >> 62) | (colonsBefore >> 61) | (colonsBefore >> 60) | (colonsBefore >> 59);
  const close = colon & near;
  const isDense = popcnt(close) + popcnt(closeBefore) >= 5;
  const doubled = colon & ((colon << 1) | (colonsBefore >> 63));
  colonsBefore = colon;
  closeBefore = close;
  const noted = isDense ? close | doubled : doubled;
  anyColon |= noted;
  return noted;
}

/** Up to 64 bits of a bitmap from an offset in the text on. */
export function bitsAt(bitmap: usize, offset: usize, count: u64): u64 {
  const word = bitmaps + bitmap + ((offset >> 6) << 3);
  const shift = <u64>offset & 63;
  let bits = load<u64>(word) >> shift;
  if (shift + count > 64) bits |= load<u64>(word, 8) << (64 - shift);
  return count === 64 ? bits : bits & (((<u64>1) << count) - 1);
}

/** The 16 bits of a bitmap that lie before an offset in the text; of tokens and dots alone there are any before it. */
// @ts-ignore: a decorator of the compiler
@inline
export function bitsBefore(bitmap: usize, offset: usize): u32 {
  const bit = offset + 48;
  return (load<u32>(bitmap - 8 + (bit >> 3)) >> (<u32>bit & 7)) & 0xffff;
}

/** Marks that something ends before an offset in the text. */
export function markHitBefore(offset: usize): void {
  anyHit |= setBefore(HIT, offset);
}

export function markHostBefore(offset: usize): void {
  anyHost |= setBefore(HOST, offset);
}

function setBefore(bitmap: usize, offset: usize): u64 {
  const word = bitmaps + bitmap + (((offset - 1) >> 6) << 3);
  const bit = (<u64>1) << (<u64>(offset - 1) & 63);
  store<u64>(word, load<u64>(word) | bit);
  return bit;
}

/** The first offset with a bit in a bitmap, from one to another, which is returned if there is none. */
export function firstBit(bitmap: usize, from: usize, to: usize): usize {
  if (from >= to) return to;
  let word = from >> 6;
  let bits = load<u64>(bitmaps + bitmap + (word << 3)) & (~(<u64>0) << (<u64>from & 63));
  while (bits === 0) {
    word++;
    if (word << 6 >= to) return to;
    bits = load<u64>(bitmaps + bitmap + (word << 3));
  }
  return min((word << 6) + <usize>ctz(bits), to);
}

/** The offset behind the last bit of a bitmap before an offset; 0 if there is none. */
export function afterLastBit(bitmap: usize, offset: usize): usize {
  if (offset === 0) return 0;
  let word = (offset - 1) >> 6;
  let bits = load<u64>(bitmaps + bitmap + (word << 3)) & (~(<u64>0) >> (63 - (<u64>(offset - 1) & 63)));
  while (bits === 0) {
    if (word === 0) return 0;
    word--;
    bits = load<u64>(bitmaps + bitmap + (word << 3));
  }
  return (word << 6) + <usize>(64 - clz(bits));
}

/** Where the run of tokens begins that ends before an offset. */
export function runStart(end: usize): usize {
  let word = (end - 1) >> 6;
  let gaps = ~load<u64>(bitmaps + TOKEN + (word << 3)) & (~(<u64>0) >> (63 - ((<u64>end - 1) & 63)));
  while (gaps === 0) {
    if (word === 0) return 0;
    word--;
    gaps = ~load<u64>(bitmaps + TOKEN + (word << 3));
  }
  return (word << 6) + <usize>(64 - clz(gaps));
}
