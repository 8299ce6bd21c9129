import { bitmaps, bitsBefore, DOT, origin, TOKEN } from "./bitmaps";
import { HAS_URLS } from "./layout";
import { flags, seed, tails, tailWords } from "./state";
import { hashTail, hasTwo } from "./tails";

const DOT_BYTE: u32 = 0x2e;

/** Writes the hashes of the last two labels of the names that end at the offsets of a list. */
export function hashNames(list: usize, count: u32, hashes: usize): void {
  const key = seed;
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const start = origin;
  const end = list + ((<usize>count) << 2);
  for (let at = list, to = hashes; at < end; at += 4, to += 8) {
    const offset = <usize>load<u32>(at);
    // The dot that may end a name is no part of it.
    const stop = offset - <usize>(<u32>load<u8>(start + offset - 1) === DOT_BYTE);
    // The last dot but one, and whatever is in no run, stand before the tail.
    const before = lower(bitsBefore(dots, stop)) | (~bitsBefore(tokens, stop) & 0xffff);
    store<u64>(to, hashTail(start + stop, min<u32>(16, clz(before << 16)), key));
  }
}

/** Bits without the highest one. */
// @ts-ignore: a decorator of the compiler
@inline
function lower(bits: u32): u32 {
  return bits & ~((<u32>0x80000000) >> clz(bits));
}

/**
 * Keeps, at the beginning of their list, the names whose tails are in the index, and those that end as the walker
 * forgives it in hosts of URLs. @returns how many
 */
export function keepNames(list: usize, count: u32, hashes: usize): u32 {
  const filter = tails;
  const words = tailWords;
  const start = origin;
  const hasUrls = <u32>((flags & HAS_URLS) !== 0);
  const end = list + ((<usize>count) << 2);
  let to = list;
  for (let at = list, from = hashes; at < end; at += 4, from += 8) {
    const offset = <usize>load<u32>(at);
    const isKept = hasTwo(load<u64>(from), filter, words);
    const last = load<u16>(start + offset - 2);
    const isForgiven = isMark(last >> 8) | (<u32>(last >> 8 === DOT_BYTE) & isMark(last & 0xff));
    store<u32>(to, <u32>offset);
    to += <usize>((isKept | (isForgiven & hasUrls)) << 2);
  }
  return <u32>(to - list) >> 2;
}

/** A hyphen or an underscore. */
// @ts-ignore: a decorator of the compiler
@inline
function isMark(code: u32): u32 {
  return <u32>(code === 0x2d) | <u32>(code === 0x5f);
}
