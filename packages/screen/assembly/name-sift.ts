import { bitmaps, bitsBefore, DOT, origin, TOKEN } from "./bitmaps";
import { HAS_URLS } from "./layout";
import { flags, seed, tails, tailWords } from "./state";
import { hashTail, hasThree, hasTwo, mayBeLonger, tailWord, THREE } from "./tails";

const DOT_BYTE: u32 = 0x2e;

/** Of the names that end at the offsets of a list: writes the hashes of their last two labels. */
export function hashNames(list: usize, count: u32, hashes: usize): void {
  const key = seed;
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const start = origin;
  const end = list + ((<usize>count) << 2);
  for (let at = list, to = hashes; at < end; at += 4, to += 8) {
    const stop = nameEnd(start, load<u32>(at));
    // The last dot but one, and whatever is in no run, stand before the tail.
    const before = lower(bitsBefore(dots, stop)) | (~bitsBefore(tokens, stop) & 0xffff);
    store<u64>(to, hashTail(start + stop, min<u32>(16, clz(before << 16)), key));
  }
}

/** The same of their last three labels. */
export function hashLonger(list: usize, count: u32, hashes: usize): void {
  const key = seed ^ THREE;
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const start = origin;
  const end = list + ((<usize>count) << 2);
  for (let at = list, to = hashes; at < end; at += 4, to += 8) {
    const stop = nameEnd(start, load<u32>(at));
    const before = lower(lower(bitsBefore(dots, stop))) | (~bitsBefore(tokens, stop) & 0xffff);
    store<u64>(to, hashTail(start + stop, min<u32>(16, clz(before << 16)), key));
  }
}

/** The dot that may end a name is no part of it. */
// @ts-ignore: a decorator of the compiler
@inline
function nameEnd(start: usize, offset: usize): usize {
  return offset - <usize>(<u32>load<u8>(start + offset - 1) === DOT_BYTE);
}

/** Bits without the highest one. */
// @ts-ignore: a decorator of the compiler
@inline
function lower(bits: u32): u32 {
  return bits & ~((<u32>0x80000000) >> clz(bits));
}

/** Fetches the words of the filter for some hashes: a loop so short that many of them are waited for at a time. */
export function fetchTails(hashes: usize, count: u32, words: usize): void {
  const filter = tails;
  const size = tailWords;
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) store<u64>(words + i, tailWord(load<u64>(hashes + i), filter, size));
}

/**
 * Keeps, at the beginning of their list, the names whose last two labels are in the index, and those that end as the
 * walker forgives it in hosts of URLs; puts those of which more labels must be seen into another list, of which
 * `longerCount` is how many.
 * @returns how many
 */
export function keepNames(list: usize, count: u32, hashes: usize, words: usize, longer: usize): u32 {
  const start = origin;
  const hasUrls = <u32>((flags & HAS_URLS) !== 0);
  const end = list + ((<usize>count) << 2);
  let to = list;
  let toLonger = longer;
  for (let at = list, from = hashes, word = words; at < end; at += 4, from += 8, word += 8) {
    const offset = load<u32>(at);
    const hashed = load<u64>(from);
    const bits = load<u64>(word);
    const last = load<u16>(start + <usize>offset - 2);
    const isForgiven = isMark(last >> 8) | (<u32>(last >> 8 === DOT_BYTE) & isMark(last & 0xff));
    const isKept = hasTwo(hashed, bits) | (isForgiven & hasUrls);
    store<u32>(to, offset);
    to += <usize>(isKept << 2);
    store<u32>(toLonger, offset);
    toLonger += <usize>((mayBeLonger(hashed, bits) & ~isKept) << 2);
  }
  longerCount = <u32>(toLonger - longer) >> 2;
  return <u32>(to - list) >> 2;
}

export let longerCount: u32 = 0;

/** Keeps, at the beginning of their list, the names whose last three labels are in the index. @returns how many */
export function keepLonger(list: usize, count: u32, hashes: usize, words: usize): u32 {
  const end = list + ((<usize>count) << 2);
  let to = list;
  for (let at = list, from = hashes, word = words; at < end; at += 4, from += 8, word += 8) {
    store<u32>(to, load<u32>(at));
    to += <usize>(hasThree(load<u64>(from), load<u64>(word)) << 2);
  }
  return <u32>(to - list) >> 2;
}

/** A hyphen or an underscore. */
// @ts-ignore: a decorator of the compiler
@inline
function isMark(code: u32): u32 {
  return <u32>(code === 0x2d) | <u32>(code === 0x5f);
}
