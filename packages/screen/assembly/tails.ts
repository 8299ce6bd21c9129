import { below, fold128, hashPair } from "./hash";
import { seed, tails, tailWords } from "./state";

/**
 * The filter of tails: the labels that names in the index end in. A name of two labels is in it as that; one of more by
 * its last two, which tell that more may follow, and by its last three. So a name below `co.uk` is not kept because some
 * other name is there. A key's three bits lie in one word, so that asking touches one line of a cache. Of longer tails
 * the last 16 bytes count.
 */

/** Bits of a hash from which on another three choose places in a word. */
const MORE: u64 = 18;
/** What distinguishes hashes of three labels from those of two. */
export const THREE: u64 = 0x5bd1e9955bd1e995;

/** Whether something in the index may end a name without dots at its ends. 16 bytes before the name may be read. */
export function hasTail(start: usize, end: usize): boolean {
  const two = tailStart(start, end, 2);
  const hashed = hashTail(end, lengthOf(two, end), seed);
  const word = tailWord(hashed, tails, tailWords);
  if (has(word, bitsOf(hashed))) return true;
  if (!has(word, bitsOf(hashed >> MORE))) return false;
  const three = hashTail(end, lengthOf(tailStart(start, two, 1), end), seed ^ THREE);
  return has(tailWord(three, tails, tailWords), bitsOf(three));
}

/** The word of the filter for a hash. */
// @ts-ignore: a decorator of the compiler
@inline
export function tailWord(hashed: u64, filter: usize, words: u32): u64 {
  return load<u64>(filter + wordOf(hashed, words));
}

/** Whether something in the index may consist of the two labels of a hash. */
// @ts-ignore: a decorator of the compiler
@inline
export function hasTwo(hashed: u64, word: u64): u32 {
  return <u32>has(word, bitsOf(hashed));
}

/** Whether something in the index may end in the two labels of a hash and have more. */
// @ts-ignore: a decorator of the compiler
@inline
export function mayBeLonger(hashed: u64, word: u64): u32 {
  return <u32>has(word, bitsOf(hashed >> MORE));
}

/** Whether something in the index may end in the three labels of a hash. */
// @ts-ignore: a decorator of the compiler
@inline
export function hasThree(hashed: u64, word: u64): u32 {
  return <u32>has(word, bitsOf(hashed));
}

/** Adds a name with a dot in it. */
export function addTail(start: usize, end: usize): void {
  const two = tailStart(start, end, 2);
  const hashed = hashTail(end, lengthOf(two, end), seed);
  if (two === start) return add(hashed, bitsOf(hashed));
  add(hashed, bitsOf(hashed >> MORE));
  const three = hashTail(end, lengthOf(tailStart(start, two, 1), end), seed ^ THREE);
  add(three, bitsOf(three));
}

function add(hashed: u64, bits: u64): void {
  const word = tails + wordOf(hashed, tailWords);
  store<u64>(word, load<u64>(word) | bits);
}

/** Where the last labels begin of a name that ends there, or of what stands before a label that begins there. */
function tailStart(start: usize, end: usize, labels: u32): usize {
  let at = end;
  for (let left = labels; left > 0 && at > start; left--) at = dotBefore(start, at - 1) + 1;
  return at;
}

/** The last dot of a text; before its start if there is none. 15 bytes before a text may be read. */
export function dotBefore(start: usize, end: usize): usize {
  for (let at = end; at > start; at -= 16) {
    const dots = i8x16.bitmask(i8x16.eq(v128.load(at - 16), i8x16.splat(0x2e)));
    if (dots !== 0) return max(at + 15 - <usize>clz(dots), start - 1);
  }
  return start - 1;
}

function lengthOf(start: usize, end: usize): u32 {
  return <u32>min<usize>(16, end - start);
}

/** @param length at most 16 */
// @ts-ignore: a decorator of the compiler
@inline
export function hashTail(end: usize, length: u32, key: u64): u64 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const inside = i8x16.gt_s(places, i8x16.splat(<i8>(15 - length)));
  const tail = v128.and(fold128(v128.load(end - 16)), inside);
  return hashPair(key, i64x2.extract_lane(tail, 0), i64x2.extract_lane(tail, 1));
}

// @ts-ignore: a decorator of the compiler
@inline
function has(word: u64, bits: u64): boolean {
  return (word & bits) === bits;
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

