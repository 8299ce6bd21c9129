import { hasIpv6, hexDigit, parseIpv4 } from "./addresses";
import { markHit } from "./candidate";

const DOT: u32 = 0x2e;
const COLON: u32 = 0x3a;
const HYPHEN: u32 = 0x2d;
/** The characters of addresses, a bit each: those below 64, the others. */
const PART_LOW: u64 = 0x07ff400000000000;
const PART_HIGH: u64 = 0x0000007e0000007e;
const LONGEST: usize = 45;
const SHORTEST_FULL: usize = 15;

/**
 * Looks for IPv6 addresses around a colon, by the walker's rules for one of its pieces: between pieces stand characters
 * that end an address, and so no piece, nor a line, is told from the text around it here.
 * @returns where the run of what an address consists of ends: all in it is done
 */
export function findIpv6(at: usize, first: usize, last: usize): usize {
  let start = at;
  while (start > first && isPart(load<u8>(start - 1))) start--;
  let end = at;
  let colons: u32 = 0;
  for (; end < last && isPart(load<u8>(end)); end++) colons += <u32>(<u32>load<u8>(end) === COLON);
  // As in the fingerprint of a certificate: eight colons are the most that an address has, one more may stand before it.
  if (colons > 9) return end;
  let done = start;
  let colon = colonFrom(start, end);
  while (colon < end) {
    const next = colonFrom(colon + 1, end);
    if (next === end) return end;
    if (next - colon > 5) {
      colon = next;
      continue;
    }
    done = max(tryAround(colon, done, first, last), colon + 1);
    colon = colonFrom(done, end);
  }
  return end;
}

/** Tries the run of hexadecimal digits, colons and later dots around a colon. @returns where the run ends */
function tryAround(colon: usize, done: usize, first: usize, last: usize): usize {
  let start = colon;
  while (start > done && isHexOrColon(load<u8>(start - 1))) start--;
  const isWord = start > first && isNameCode(load<u8>(start - 1)) && <u32>load<u8>(start - 1) !== HYPHEN;
  if (isWord && !(colon + 1 < last && <u32>load<u8>(colon + 1) === COLON)) start = colon + 1;
  let end = colon + 1;
  while (end < last && (isHexOrColon(load<u8>(end)) || <u32>load<u8>(end) === DOT)) end++;
  while (end > start && <u32>load<u8>(end - 1) === DOT) end--;
  if (start < end && <u32>load<u8>(start) === COLON && !(start + 1 < last && <u32>load<u8>(start + 1) === COLON))
    start++;
  if (end > first + 1 && <u32>load<u8>(end - 1) === COLON && <u32>load<u8>(end - 2) !== COLON) end--;
  if (end <= start) return start;
  if (end - start <= LONGEST && standsAlone(start, end, first, last)) parse(start, end);
  return end;
}

function standsAlone(start: usize, end: usize, first: usize, last: usize): boolean {
  if (end - start < SHORTEST_FULL && !hasDouble(start, end)) return false;
  const before = start === first ? <u32>0x20 : <u32>load<u8>(start - 1);
  const after = end === last ? <u32>0x20 : <u32>load<u8>(end);
  return (!isNameCode(before) || before === HYPHEN) && (!isNameCode(after) || after === HYPHEN || after === DOT);
}

function hasDouble(start: usize, end: usize): boolean {
  for (let at = start; at + 1 < end; at++) if (load<u16>(at) === 0x3a3a) return true;
  return false;
}

/** Reads an address (RFC 4291 §2.2) group by group and looks it up. */
function parse(start: usize, end: usize): void {
  let high: u64 = 0;
  let low: u64 = 0;
  let groups: u32 = 0;
  /** How many groups stand before `::`. */
  let gap: u32 = 8;
  let at = start;
  if (load<u16>(at) === 0x3a3a) {
    gap = 0;
    at += 2;
  }
  while (at < end) {
    let stop = at;
    while (stop < end && <u32>load<u8>(stop) !== COLON) stop++;
    const group = stop === at || stop - at > 4 ? <u32>0x10000 : parseGroup(at, stop);
    if (group < 0x10000 && groups < 8) {
      high = (high << 16) | (low >> 48);
      low = (low << 16) | group;
      groups++;
    } else {
      const dotted = parseIpv4(at, stop);
      if (stop !== end || dotted >> 32 !== 0 || groups > 6) return;
      high = (high << 32) | (low >> 32);
      low = (low << 32) | dotted;
      groups += 2;
    }
    if (stop === end) break;
    at = stop + 1;
    if (at === end) return;
    if (<u32>load<u8>(at) === COLON) {
      if (gap < 8) return;
      gap = groups;
      at++;
    }
  }
  if (gap === 8) {
    if (groups === 8 && hasIpv6(high, low)) markHit();
    return;
  }
  if (groups > 7) return;
  // The groups behind the gap are where they belong, those before it are too low by as many as are missing.
  const behind = 16 * (groups - gap);
  const lowTail = behind === 0 ? 0 : behind >= 64 ? low : low & (((<u64>1) << behind) - 1);
  const highTail = behind <= 64 ? 0 : high & (((<u64>1) << (behind - 64)) - 1);
  const headHigh = high ^ highTail;
  const headLow = low ^ lowTail;
  const shift = 16 * (8 - groups);
  const movedHigh =
    shift >= 64 ? headLow << (shift - 64) : shift === 0 ? headHigh : (headHigh << shift) | (headLow >> (64 - shift));
  const movedLow = shift >= 64 ? 0 : headLow << shift;
  if (hasIpv6(movedHigh | highTail, movedLow | lowTail)) markHit();
}

/** 0x10000 or more if it is none. */
function parseGroup(start: usize, end: usize): u32 {
  let group: u32 = 0;
  for (let at = start; at < end; at++) {
    const digit = hexDigit(load<u8>(at));
    if (digit > 15) return 0x10000;
    group = (group << 4) | digit;
  }
  return group;
}

function colonFrom(start: usize, end: usize): usize {
  let at = start;
  while (at < end && <u32>load<u8>(at) !== COLON) at++;
  return at;
}

/** A hexadecimal digit, a colon or a dot: without branches, as most runs are long fingerprints, and digits are random. */
// @ts-ignore: a decorator of the compiler
@inline
function isPart(code: u32): boolean {
  return (((code < 64 ? PART_LOW : PART_HIGH) >> (code & 63)) & <u64>(code < 128)) !== 0;
}

function isHexOrColon(code: u32): boolean {
  return code === COLON || hexDigit(code) < 16;
}

function isNameCode(code: u32): boolean {
  const letter = (code | 0x20) - 0x61;
  return letter < 26 || code - 0x30 < 10 || (code >= 0x2d && code <= 0x2e) || code === 0x5f || code >= 0x80;
}
