import { hexDigit, parseIpv4 } from "./addresses";

/**
 * Which texts are certainly canonical, by the rules of `isSurelyCanonical` in the package for indicators. What is not
 * recognised here is asked about there, so that these need not know everything: no name of more than 63 characters.
 */

const DOT: u32 = 0x2e;
const HYPHEN: u32 = 0x2d;
const UNDERSCORE: u32 = 0x5f;
const AT: u32 = 0x40;
const SLASH: u32 = 0x2f;
const LONGEST_NAME: usize = 63;
const LONGEST_LOCAL: usize = 64;
const LONGEST_URL: usize = 2048;
/** Characters of a URL from its path on, a bit each: those below 64, the others. `!$%&',-./0-9:;=?` and `@A-Z_a-z~`. */
const TARGET_LOW: u64 = 0xaffff8f200000000;
const TARGET_HIGH: u64 = 0x47fffffe87ffffff;
/** Of the local part of an address without quotes, dots apart: `+-0-9` and `A-Z_a-z`. */
const LOCAL_LOW: u64 = 0x03ff280000000000;
const LOCAL_HIGH: u64 = 0x07fffffe87fffffe;
/** No address or network: all are below. */
export const NO_NETWORK: u64 = ~0;

/** A name of two labels or more, the last of which may be a top-level domain. 15 bytes behind it may be read. */
export function isPlainName(start: usize, end: usize): boolean {
  const length = end - start;
  if (length - 1 >= LONGEST_NAME) return false;
  let letters: u64 = 0;
  let digits: u64 = 0;
  let dots: u64 = 0;
  let hyphens: u64 = 0;
  let underscores: u64 = 0;
  for (let at: usize = 0; at < length; at += 16) {
    const text = v128.load(start + at);
    letters |= bits(i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x61)), i8x16.splat(26)), at);
    digits |= bits(i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x30)), i8x16.splat(10)), at);
    dots |= bits(i8x16.eq(text, i8x16.splat(<i8>DOT)), at);
    hyphens |= bits(i8x16.eq(text, i8x16.splat(<i8>HYPHEN)), at);
    underscores |= bits(i8x16.eq(text, i8x16.splat(<i8>UNDERSCORE)), at);
  }
  const inside = ((<u64>1) << length) - 1;
  dots &= inside;
  if (((letters | digits | dots | hyphens | underscores) & inside) !== inside || dots === 0) return false;
  // A label before each dot; that one is behind the last dot is seen by its letter.
  if ((dots & ((dots << 1) | 1)) !== 0) return false;
  const topStart = 64 - clz(dots);
  const top = (inside >> topStart) << topStart;
  return (letters & top) !== 0 && (underscores & top) === 0 && ((hyphens >> topStart) & 1) === 0;
}

// @ts-ignore: a decorator of the compiler
@inline
function bits(bytes: v128, at: usize): u64 {
  return <u64>(<u32>i8x16.bitmask(bytes)) << at;
}

/** The end of the host of a URL of a common scheme at a name without a port; 0 if a text is none or may mean more. */
export function plainHostEnd(start: usize, end: usize): usize {
  const host = hostStart(start, end);
  if (host === 0 || end - start > LONGEST_URL) return 0;
  let stop = host;
  while (stop < end && <u32>load<u8>(stop) !== SLASH) stop++;
  if (stop === end || !isPlainName(host, stop)) return 0;
  for (let at = stop; at < end; at++) if (!isOf(load<u8>(at), TARGET_LOW, TARGET_HIGH)) return 0;
  return stop;
}

/** Behind `http://`, `https://` or `ftp://`; 0 where a text begins otherwise. */
export function hostStart(start: usize, end: usize): usize {
  // Eight bytes may be read: behind a shorter text stand others, none of which the name may consist of.
  const text = load<u64>(start);
  const host =
    (text & 0xffffffffffffff) === 0x2f2f3a70747468
      ? start + 7
      : text === 0x2f2f3a7370747468
        ? start + 8
        : (text & 0xffffffffffff) === 0x2f2f3a707466
          ? start + 6
          : 0;
  return host < end ? host : 0;
}

/** Where the domain of an e-mail address begins, which is not looked at; 0 if what is before it may mean more. */
export function plainDomainStart(start: usize, end: usize): usize {
  let isPart = false;
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code === AT) return isPart && at - start <= LONGEST_LOCAL ? at + 1 : 0;
    if (code === DOT ? !isPart : !isOf(code, LOCAL_LOW, LOCAL_HIGH)) return 0;
    isPart = code !== DOT;
  }
  return 0;
}

/** Hexadecimal digits in lower case. @param length a multiple of eight */
export function isLowerHex(start: usize, length: u32): boolean {
  let all = i8x16.splat(-1);
  for (let at: usize = 0; at < <usize>length; at += 8) {
    const text = v128.load64_zero(start + at);
    const digits = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x30)), i8x16.splat(10));
    const letters = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x61)), i8x16.splat(6));
    all = v128.and(all, v128.or(digits, letters));
  }
  return i64x2.extract_lane(all, 0) === -1;
}

/** An address in dotted decimal, with 32 above it. */
export function plainAddress(start: usize, end: usize): u64 {
  const address = parseIpv4(start, end);
  return address >> 32 !== 0 ? NO_NETWORK : ((<u64>32) << 32) | address;
}

/** The address of a network of 8 to 31 bits, whose others are zero, with its length above it. */
export function plainNetwork(start: usize, end: usize): u64 {
  let slash = start;
  while (slash < end && <u32>load<u8>(slash) !== SLASH) slash++;
  const digits = end - slash - 1;
  if (slash === end || digits - 1 > 1) return NO_NETWORK;
  const first = hexDigit(load<u8>(slash + 1));
  const second = digits === 2 ? hexDigit(load<u8>(slash + 2)) : 0;
  if (first > 9 || first === 0 || second > 9) return NO_NETWORK;
  const length = digits === 2 ? 10 * first + second : first;
  const address = parseIpv4(start, slash);
  if (length < 8 || length > 31 || address >> 32 !== 0) return NO_NETWORK;
  return <u32>address << length === 0 ? ((<u64>length) << 32) | address : NO_NETWORK;
}

// @ts-ignore: a decorator of the compiler
@inline
function isOf(code: u32, low: u64, high: u64): boolean {
  return (((code < 64 ? low : high) >> (code & 63)) & <u64>(code < 128)) !== 0;
}
