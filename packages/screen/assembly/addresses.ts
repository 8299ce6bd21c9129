import { markHit } from "./candidate";
import { LENGTHS4_AT, LENGTHS6_AT, TAG_IPV4, TAG_IPV6, WIDE } from "./layout";
import { mayHaveAddress, networkWord } from "./networks";
import { image, key, networks, networkWords, seed } from "./state";
import { find } from "./table";

const DOT: u32 = 0x2e;
const ZERO: u32 = 0x30;
const HYPHEN: u32 = 0x2d;
/** No address: all are below. */
const NONE: u64 = 1 << 32;

/** Whether the address, or a network around it, or a URL at it is in the index. */
export function hasIpv4(address: u32): boolean {
  const word = networkWord(address, networks, networkWords, seed);
  if (mayHaveAddress(address, word, seed, image + WIDE) === 0) return false;
  for (let lengths = load<u64>(image + LENGTHS4_AT); lengths !== 0; lengths &= lengths - 1) {
    const bits = <u32>ctz(lengths);
    if (find4(address, bits) !== 0) return true;
  }
  return false;
}

/** The entries of one network; of the address itself if `bits` is 32. */
export function find4(address: u32, bits: u32): u32 {
  const masked = bits === 0 ? 0 : bits < 32 ? address & (~(<u32>0) << (32 - bits)) : address;
  store<u32>(key, bswap<u32>(masked));
  store<u8>(key + 4, bits);
  return find(TAG_IPV4, key, 5);
}

/** @param high the first eight bytes as a number */
export function hasIpv6(high: u64, low: u64): boolean {
  if (high === 0 && low >> 32 === 0xffff) return hasIpv4(<u32>low);
  for (let word: u32 = 0; word < 24; word += 8) {
    for (let lengths = load<u64>(image + LENGTHS6_AT + word); lengths !== 0; lengths &= lengths - 1) {
      if (find6(high, low, 8 * word + <u32>ctz(lengths)) !== 0) return true;
    }
  }
  return false;
}

/** The entries of one network; of the address itself if `bits` is 128. */
export function find6(high: u64, low: u64, bits: u32): u32 {
  const ones = ~(<u64>0);
  const highMask = bits >= 64 ? ones : bits === 0 ? 0 : ones << (64 - bits);
  const lowMask = bits >= 128 ? ones : bits <= 64 ? 0 : ones << (128 - bits);
  store<u64>(key, bswap<u64>(high & highMask));
  store<u64>(key + 8, bswap<u64>(low & lowMask));
  store<u8>(key + 16, bits);
  return find(TAG_IPV6, key, 17);
}

/** Reads dotted decimal as the walker does: four octets without leading zeros, nothing else. `NONE` if it is not. */
export function parseIpv4(start: usize, end: usize): u64 {
  let address: u64 = 0;
  let octet: u32 = 256;
  let dots = 0;
  if (end - start > 15) return NONE;
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code === DOT) {
      if (octet === 256 || ++dots > 3) return NONE;
      address = (address << 8) | octet;
      octet = 256;
    } else {
      const digit = code - ZERO;
      if (digit > 9 || octet === 0) return NONE;
      octet = octet === 256 ? digit : 10 * octet + digit;
      if (octet > 255) return NONE;
    }
  }
  return octet === 256 || dots !== 3 ? NONE : (address << 8) | octet;
}

/**
 * Looks for the address that a run of digits and hyphens with three dots may be: most numbers in logs with so many are
 * one. Where it is none, the dots at its ends are not its own or there are hyphens, `findIpv4` looks more closely.
 */
export function findPlainIpv4(start: usize, dots: u64, length: u32): void {
  const first = <u32>ctz(dots);
  const rest = dots & (dots - 1);
  const second = <u32>ctz(rest);
  const third = 63 - <u32>clz(dots);
  const high = (plainOctet(start, 0, first) << 8) | plainOctet(start, first + 1, second);
  const low = (plainOctet(start, second + 1, third) << 8) | plainOctet(start, third + 1, length);
  if ((high | low) > 0xffff) return findDotted(start, start + length);
  if (hasIpv4((high << 16) | low)) markHit();
}

/** More than 255, by bits that no octet has, if it is none. */
function plainOctet(start: usize, from: u32, to: u32): u32 {
  const digits = to - from;
  const text = load<u32>(start + from) - 0x30303030;
  const first = text & 0xff;
  const second = (text >> 8) & 0xff;
  const third = (text >> 16) & 0xff;
  if (digits === 1) return first < 10 ? first : 0x10000;
  if (first === 0 || first > 9) return 0x10000;
  if (digits === 2) return second < 10 ? 10 * first + second : 0x10000;
  const octet = 100 * first + 10 * second + third;
  return digits === 3 && second < 10 && third < 10 && octet < 256 ? octet : 0x10000;
}

/** The same without the dots around it. */
function findDotted(start: usize, end: usize): void {
  let from = start;
  let to = end;
  while (from < to && <u32>load<u8>(from) === DOT) from++;
  while (from < to && <u32>load<u8>(to - 1) === DOT) to--;
  if (from < to) findIpv4(from, to);
}

/** Looks for the addresses in a run of digits, dots and hyphens; the walker sees whether the others are ones too. */
export function findIpv4(start: usize, end: usize): void {
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && <u32>load<u8>(to) !== HYPHEN) to++;
    const address = parseIpv4(from, to);
    if (address !== NONE && hasIpv4(<u32>address)) return markHit();
    from = to + 1;
  }
}

/** Looks for the address that a reverse name asks about. @param zone where `in-addr.arpa` or `ip6.arpa` begins */
export function findReversed(start: usize, zone: usize, end: usize): void {
  const isHit = end - zone === 12 ? hasReversed4(start, zone - 1) : hasReversed6(start, zone - 1);
  if (isHit) markHit();
}

/** The last four labels before the zone, the last one first. */
function hasReversed4(start: usize, end: usize): boolean {
  let address: u32 = 0;
  let stop = end;
  for (let i = 0; i < 4; i++) {
    let from = stop;
    while (from > start && <u32>load<u8>(from - 1) !== DOT) from--;
    const octet = parseOctet(from, stop);
    if (octet > 255) return false;
    address = (address << 8) | octet;
    if (from === start) return i === 3 && hasIpv4(address);
    stop = from - 1;
  }
  return hasIpv4(address);
}

function parseOctet(start: usize, end: usize): u32 {
  if (end <= start || end - start > 3) return 256;
  let octet: u32 = 0;
  for (let at = start; at < end; at++) {
    const digit = <u32>load<u8>(at) - ZERO;
    if (digit > 9 || (octet === 0 && at > start)) return 256;
    octet = 10 * octet + digit;
  }
  return octet;
}

/** The last 32 labels before the zone, each a hexadecimal digit. */
function hasReversed6(start: usize, end: usize): boolean {
  if (end - start < 63 || (end - start > 63 && <u32>load<u8>(end - 64) !== DOT)) return false;
  let high: u64 = 0;
  let low: u64 = 0;
  for (let i: usize = 0; i < 32; i++) {
    const at = end - 1 - 2 * i;
    const digit = hexDigit(load<u8>(at));
    if (digit > 15 || (i < 31 && <u32>load<u8>(at - 1) !== DOT)) return false;
    if (i < 16) high = (high << 4) | digit;
    else low = (low << 4) | digit;
  }
  return hasIpv6(high, low);
}

/** 16 or more if it is none. */
export function hexDigit(code: u32): u32 {
  const digit = code - ZERO;
  if (digit <= 9) return digit;
  const letter = (code | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 16;
}
