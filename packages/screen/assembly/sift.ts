import {
  anyColon,
  bitmaps,
  bitsBefore,
  classify,
  COLON,
  DOT,
  limit,
  markHitBefore,
  markHostBefore,
  origin,
  TOKEN,
  wordCount,
} from "./bitmaps";
import { beginFinding, hasHit, hasHost } from "./candidate";
import { findIpv6 } from "./ipv6";
import { HAS_ADDRESSES, HAS_URLS, SLASH24 } from "./layout";
import {
  beginRuns,
  GROUP,
  listRuns,
  nameCount,
  names,
  numberCount,
  numbers,
  otherCount,
  others,
} from "./run-ends";
import { findRun } from "./runs";
import { flags, image, tails, tailWords } from "./state";
import { hashTail, hasTailBits } from "./tails";

const MINUS: i8 = 0x2d;

/**
 * Finds what is in the text whose bitmaps were begun, and marks it there. Runs are gathered first and sifted kind by
 * kind, in loops that branch on nothing that a text decides: what a filter keeps, few in a hundred, is looked at closely.
 */
export function sift(): void {
  const count = wordCount(limit - origin);
  beginRuns();
  beginFinding(origin);
  for (let from: usize = 0; from < count; from += GROUP) {
    const to = min(from + GROUP, count);
    classify(from, to);
    listRuns(from, to);
    findAll(numbers, siftNumbers());
    findAll(names, siftNames());
    findAll(others, otherCount);
  }
  if (anyColon !== 0 && (flags & HAS_ADDRESSES) !== 0) findAddresses(count);
}

/** Looks for IPv6 addresses around the colons that they may have. */
function findAddresses(count: usize): void {
  let done: usize = origin;
  for (let i: usize = 0; i < count; i++) {
    for (let colons = load<u64>(bitmaps + (i << 3), COLON); colons !== 0; colons &= colons - 1) {
      const offset = (i << 6) + <usize>ctz(colons);
      if (origin + offset < done) continue;
      beginFinding(origin);
      done = findIpv6(origin + offset, origin, limit);
      if (hasHit) markHitBefore(offset + 1);
    }
  }
}

function findAll(list: usize, count: u32): void {
  const end = list + ((<usize>count) << 2);
  for (let at = list; at < end; at += 4) {
    const offset = <usize>load<u32>(at);
    beginFinding(origin);
    findRun(offset);
    if (hasHit) markHitBefore(offset);
    if (hasHost) markHostBefore(offset);
  }
}

/**
 * Keeps of the numbers, at the beginning of their list, those in a /24 of which something is in the index. They are
 * read carelessly: `findRun` looks more closely.
 */
function siftNumbers(): u32 {
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const networks = image + SLASH24;
  const minus = i8x16.splat(MINUS);
  const start = origin;
  const end = numbers + ((<usize>numberCount) << 2);
  let to = numbers;
  for (let at = numbers; at < end; at += 4) {
    const offset = <usize>load<u32>(at);
    const text = start + offset;
    const length = clz(~(bitsBefore(tokens, offset) << 16));
    const run = (~(<u32>0xffff >> length)) & 0xffff;
    const dot = bitsBefore(dots, offset) & run;
    const dashes = i8x16.bitmask(i8x16.eq(v128.load(text - 16), minus)) & run;
    const third = 31 - clz(dot);
    const first = ctz(dot);
    const second = ctz(dot & (dot - 1));
    const high = octet(text - 16 + first, first + length - 16) & 0xff;
    const middle = octet(text - 16 + second, second - first - 1);
    const low = octet(text - 16 + third, third - second - 1);
    const network = (high << 16) | (middle << 8) | low;
    const isSet = (<u32>load<u8>(networks + (network >> 3)) >> (network & 7)) & 1;
    // Ranges, dots at the ends, what is too long.
    const isOdd = <u32>(popcnt(dot) !== 3) | <u32>(length > 15) | <u32>(dashes !== 0);
    store<u32>(to, <u32>offset);
    to += <usize>((isSet | isOdd) << 2);
  }
  return <u32>(to - numbers) >> 2;
}

/** The number that so many digits, at most three, before an address are. */
// @ts-ignore: a decorator of the compiler
@inline
function octet(end: usize, digits: u32): u32 {
  const text = load<u32>(end - 4) & 0x0f0f0f0f & (~(<u32>0) << (32 - 8 * digits));
  // Ones, tens and hundreds: their bytes meet in the highest.
  return (text * 0x640a01) >> 24;
}

/** Keeps of the names those that end as some name in the index does. */
function siftNames(): u32 {
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const filter = tails;
  const words = tailWords;
  const start = origin;
  const mayBeHosts = <u32>((flags & HAS_URLS) !== 0);
  const end = names + ((<usize>nameCount) << 2);
  let to = names;
  for (let at = names; at < end; at += 4) {
    const offset = <usize>load<u32>(at);
    // The dot that may end a name is no part of it.
    const stop = offset - <usize>(<u32>load<u8>(start + offset - 1) === 0x2e);
    const last = <u32>load<u8>(start + stop - 1);
    const dot = bitsBefore(dots, stop);
    const gap = ~bitsBefore(tokens, stop) & 0xffff;
    // The last dot but one, and whatever is in no run, stand before the tail.
    const before = (dot & (~((<u32>0x80000000) >> clz(dot)))) | gap;
    const length = min<u32>(16, clz(before << 16));
    const hashed = hashTail(start + stop, length);
    const isKept = <u32>hasTailBits(filter, words, hashed);
    const isOdd = mayBeHosts & (<u32>(last === 0x2d) | <u32>(last === 0x5f));
    store<u32>(to, <u32>offset);
    to += <usize>((isKept | isOdd) << 2);
  }
  return <u32>(to - names) >> 2;
}
