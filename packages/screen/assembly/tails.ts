import { below, fold128, hashPair } from "./hash";
import { tails, tailWords } from "./state";

/**
 * The filter of tails: which two labels names in the index end in. A key's three bits lie in one word, so that asking
 * touches one line of a cache. Of longer tails the last 16 bytes count.
 */

/** Whether a name in the index may end in these two labels. 16 bytes before their end may be read. */
export function hasTail(end: usize, length: usize): boolean {
  return hasTailBits(tails, tailWords, hashTail(end, min<u32>(16, <u32>length)));
}

export function addTail(end: usize, length: usize): void {
  const hashed = hashTail(end, min<u32>(16, <u32>length));
  const word = tails + wordOf(hashed, tailWords);
  store<u64>(word, load<u64>(word) | bitsOf(hashed));
}

/** @param length at most 16 */
// @ts-ignore: a decorator of the compiler
@inline
export function hashTail(end: usize, length: u32): u64 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const inside = i8x16.gt_s(places, i8x16.splat(<i8>(15 - length)));
  const tail = v128.and(fold128(v128.load(end - 16)), inside);
  return hashPair(i64x2.extract_lane(tail, 0), i64x2.extract_lane(tail, 1));
}

// @ts-ignore: a decorator of the compiler
@inline
export function hasTailBits(filter: usize, words: u32, hashed: u64): boolean {
  const bits = bitsOf(hashed);
  return (load<u64>(filter + wordOf(hashed, words)) & bits) === bits;
}

// @ts-ignore: a decorator of the compiler
@inline
function wordOf(hashed: u64, words: u32): usize {
  return <usize>below(hashed, words) << 3;
}

// @ts-ignore: a decorator of the compiler
@inline
function bitsOf(hashed: u64): u64 {
  return ((<u64>1) << (hashed & 63)) | ((<u64>1) << ((hashed >> 6) & 63)) | ((<u64>1) << ((hashed >> 12) & 63));
}
