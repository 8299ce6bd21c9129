import { bitmaps, bitsBefore, DOT, origin, TOKEN } from "./bitmaps";
import { knownNumbers, placeOfNumber } from "./known-numbers";
import { WIDE } from "./layout";
import { mayHaveAddress, networkWord } from "./networks";
import { image, networks, networkWords, seed } from "./state";

const HYPHEN: i8 = 0x2d;
/** What is no plain address: with hyphens, with other dots, too long. */
const ODD: u64 = 1 << 32;

/**
 * Keeps, at the beginning of their list, the numbers that were not dismissed lately, and writes their digits and signs,
 * four bits each from the end, so that no other number of up to 15 has the same.
 * @returns how many
 */
export function dropDismissed(list: usize, count: u32, texts: usize): u32 {
  const tokens = bitmaps + TOKEN;
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const nibble = i8x16.splat(0x0f);
  const start = origin - 16;
  const table = knownNumbers;
  const key = seed;
  const end = list + ((<usize>count) << 2);
  let to = list;
  let toText = texts;
  for (let at = list; at < end; at += 4) {
    const offset = load<u32>(at);
    const length = clz(~(bitsBefore(tokens, offset) << 16));
    const outside = i8x16.lt_s(places, i8x16.splat(<i8>(16 - length)));
    const digits = v128.and(v128.or(v128.load(start + <usize>offset), outside), nibble);
    const pairs = i8x16.narrow_i16x8_u(v128.and(v128.or(digits, i16x8.shr_u(digits, 4)), i16x8.splat(0xff)), digits);
    const text = i64x2.extract_lane(pairs, 0);
    store<u32>(to, offset);
    store<u64>(toText, text);
    const isNew = <usize>(load<u64>(placeOfNumber(text, table, key)) !== text);
    to += isNew << 2;
    toText += isNew << 3;
  }
  return <u32>(to - list) >> 2;
}

/**
 * Writes the addresses that the numbers are that end at the offsets of a list; `ODD` with what must be looked at
 * otherwise. They are read carelessly, since what is kept is looked at more closely.
 */
export function readNumbers(list: usize, count: u32, addresses: usize): void {
  const tokens = bitmaps + TOKEN;
  const dots = bitmaps + DOT;
  const hyphen = i8x16.splat(HYPHEN);
  const start = origin;
  const end = list + ((<usize>count) << 2);
  for (let at = list, to = addresses; at < end; at += 4, to += 8) {
    const offset = <usize>load<u32>(at);
    const text = start + offset - 16;
    const length = clz(~(bitsBefore(tokens, offset) << 16));
    const run = ~((<u32>0xffff) >> length);
    const dot = bitsBefore(dots, offset) & run;
    const hyphens = i8x16.bitmask(i8x16.eq(v128.load(text), hyphen)) & run & 0xffff;
    const first = ctz(dot);
    const second = ctz(dot & (dot - 1));
    const third = 31 - clz(dot);
    const high = (octet(text + first, first + length - 16) << 24) | (octet(text + second, second - first - 1) << 16);
    const low = (octet(text + third, third - second - 1) << 8) | octet(text + 16, 15 - third);
    const isOdd = <u32>(popcnt(dot) !== 3) | <u32>(length > 15) | <u32>(hyphens !== 0);
    store<u64>(to, <u64>(high | low) | (<u64>isOdd << 32));
  }
}

/** The number that so many digits, at most three, before an address are. */
// @ts-ignore: a decorator of the compiler
@inline
function octet(end: usize, digits: u32): u32 {
  const text = load<u32>(end - 4) & 0x0f0f0f0f & (~(<u32>0) << (32 - 8 * digits));
  // Ones, tens and hundreds: their bytes meet in the highest.
  return (text * 0x640a01) >> 24;
}

/** Fetches the words of the filter for some addresses: a loop so short that many of them are waited for at a time. */
export function fetchNetworks(addresses: usize, count: u32, words: usize): void {
  const filter = networks;
  const size = networkWords;
  const key = seed;
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    store<u64>(words + i, networkWord(load<u32>(addresses + i), filter, size, key));
  }
}

/**
 * Keeps, at the beginning of their list and of that of their texts, the numbers that may be in the index, and notes the
 * others. @returns how many
 */
export function keepNumbers(list: usize, count: u32, texts: usize, addresses: usize, words: usize): u32 {
  const key = seed;
  const table = knownNumbers;
  const wide = image + WIDE;
  const end = list + ((<usize>count) << 2);
  let to = list;
  let toText = texts;
  for (let at = list, from: usize = 0; at < end; at += 4, from += 8) {
    const address = load<u64>(addresses + from);
    const isKept = mayHaveAddress(<u32>address, load<u64>(words + from), key, wide) | <u32>(address >= ODD);
    const text = load<u64>(texts + from);
    const place = placeOfNumber(text, table, key);
    store<u64>(place, select(load<u64>(place), text, isKept));
    store<u32>(to, load<u32>(at));
    store<u64>(toText, text);
    to += <usize>(isKept << 2);
    toText += <usize>(isKept << 3);
  }
  return <u32>(to - list) >> 2;
}
