import { image, seed } from "./state";
import { TOP_BITS, TOPS } from "./layout";

/** A–Z as a–z in eight bytes at once; all other bytes stay (`@` and the backtick are not one). */
export function fold(word: u64): u64 {
  const low = word & 0x7f7f7f7f7f7f7f7f;
  const upper = (low + 0x3f3f3f3f3f3f3f3f) & ~(low + 0x2525252525252525) & ~word & 0x8080808080808080;
  return word | (upper >> 2);
}

/**
 * The hash of a key, under the image's secret seed and without regard to case: from the end, eight bytes a step. May
 * read up to seven bytes before the key.
 */
export function hash(tag: u32, start: usize, length: u32): u64 {
  let mixed = mix(seed, ((<u64>tag) << 32) | length);
  let at = start + length;
  let left = length;
  while (left >= 8) {
    at -= 8;
    left -= 8;
    mixed = mix(mixed, fold(load<u64>(at)));
  }
  if (left > 0) mixed = mix(mixed, fold(load<u64>(at - 8) >> (64 - 8 * left)));
  mixed *= 0x9fb21c651e98df25;
  return mixed ^ (mixed >> 29);
}

/**
 * Mixes a word into a state. The halves of the two together are multiplied by each other, so how a change of the word
 * goes on depends on the secret state: with constants as factors, pairs of words could be found that collide under any.
 */
// @ts-ignore: a decorator of the compiler
@inline
export function mix(state: u64, word: u64): u64 {
  const both = state ^ word;
  const product = (both & 0xffffffff) * (both >> 32);
  return (product ^ rotl<u64>(both, 32)) * 0x9e3779b97f4a7c15;
}

/** A number below `limit` by the upper half of a hash (Lemire, "Fast Random Integer Generation in an Interval"). */
export function below(hashed: u64, limit: u32): u32 {
  return <u32>(((hashed >> 32) * limit) >> 32);
}

/** Other bits of the same hash, for a second use. */
export function again(hashed: u64): u64 {
  return hashed * 0xd6e8feb86659fd93;
}

/** A–Z as a–z in sixteen bytes. */
// @ts-ignore: a decorator of the compiler
@inline
export function fold128(bytes: v128): v128 {
  const isUpper = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(26));
  return v128.or(bytes, v128.and(isUpper, i8x16.splat(0x20)));
}

/** The keyed hash of sixteen bytes. */
// @ts-ignore: a decorator of the compiler
@inline
export function hashPair(key: u64, first: u64, second: u64): u64 {
  const mixed = mix(mix(key, first), second) * 0x9fb21c651e98df25;
  return mixed ^ (mixed >> 29);
}

/** Keys of last labels are in no table, so their tag need not be among the layout's. */
const TOP: u32 = 101;

/** Whether a name in the index may have this last label. */
export function hasTop(start: usize, length: u32): boolean {
  return isSet(image + TOPS, below(hash(TOP, start, length), TOP_BITS));
}

export function addTop(start: usize, length: u32): void {
  set(image + TOPS, below(hash(TOP, start, length), TOP_BITS));
}

function isSet(bitmap: usize, bit: u32): boolean {
  return ((load<u8>(bitmap + (bit >> 3)) >> (bit & 7)) & 1) !== 0;
}

export function set(bitmap: usize, bit: u32): void {
  const at = bitmap + (bit >> 3);
  store<u8>(at, <u32>load<u8>(at) | ((<u32>1) << (bit & 7)));
}
