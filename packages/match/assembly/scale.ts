import {
  setIdentity,
  addCached,
  cache,
  Cached,
  double,
  negateCachedIf,
  Point,
  POINT_BYTES,
  setCachedIdentity,
} from "./point";

/** 1 to 8 times the point. */
const table: Cached = memory.data(5120, 16);
const chosen: Cached = memory.data(640, 16);
const identity: Cached = memory.data(640, 16);
/** 64 digits from −8 to 8, the lowest first; one a lane. */
const digits: usize = memory.data(1024, 16);

export const DIGITS: i32 = 64;

/**
 * p = scalar · p in each lane. Windows of four bits, signed digits, and every entry of the table read for each: neither
 * branches nor addresses depend on scalars or points.
 * @param scalars four of 32 bytes, `stride` bytes apart, below 2^255
 */
export function scale(p: Point, scalars: usize, stride: usize): void {
  setCachedIdentity(identity);
  for (let lane: usize = 0; lane < 4; lane++) writeDigits(digits + 4 * lane, scalars + lane * stride);
  fillTable(p);
  setIdentity(p);
  for (let i: i32 = DIGITS - 1; i >= 0; i--) {
    const digit = v128.load(digits + 16 * i);
    if (i < DIGITS - 1) {
      for (let doubling = 0; doubling < 4; doubling++) double(p, p, doubling === 3);
    }
    choose(digit);
    addCached(p, p, chosen, i === 0); // T is for whoever comes next.
  }
  memory.fill(digits, 0, 1024);
}

function fillTable(p: Point): void {
  cache(table, p);
  for (let multiple: usize = 1; multiple < 8; multiple++) {
    addCached(p, p, table, true);
    cache(table + POINT_BYTES * multiple, p);
  }
}

/** chosen = digit times the point. All entries are read, whichever is wanted. */
function choose(digit: v128): void {
  const size = i32x4.abs(digit);
  const is0 = equals(size, 0);
  const is1 = equals(size, 1);
  const is2 = equals(size, 2);
  const is3 = equals(size, 3);
  const is4 = equals(size, 4);
  const is5 = equals(size, 5);
  const is6 = equals(size, 6);
  const is7 = equals(size, 7);
  const is8 = equals(size, 8);
  for (let at: usize = 0; at < POINT_BYTES; at += 16) {
    let limbs = v128.and(is0, v128.load(identity + at));
    limbs = merged(limbs, is1, table + at);
    limbs = merged(limbs, is2, table + POINT_BYTES + at);
    limbs = merged(limbs, is3, table + 2 * POINT_BYTES + at);
    limbs = merged(limbs, is4, table + 3 * POINT_BYTES + at);
    limbs = merged(limbs, is5, table + 4 * POINT_BYTES + at);
    limbs = merged(limbs, is6, table + 5 * POINT_BYTES + at);
    limbs = merged(limbs, is7, table + 6 * POINT_BYTES + at);
    limbs = merged(limbs, is8, table + 7 * POINT_BYTES + at);
    v128.store(chosen + at, limbs);
  }
  negateCachedIf(chosen, i32x4.lt_s(digit, i32x4.splat(0)));
}

export function equals(size: v128, value: i32): v128 {
  return i32x4.eq(size, i32x4.splat(value));
}

export function merged(limbs: v128, mask: v128, from: usize): v128 {
  return v128.or(limbs, v128.and(mask, v128.load(from)));
}

/** Nibbles from −8 to 7 with what is carried to the next; the last takes what comes, at most 8 below 2^255. */
export function writeDigits(to: usize, scalar: usize): void {
  let above = 0;
  for (let i = 0; i < DIGITS; i++) {
    const nibble = ((<i32>load<u8>(scalar + (i >> 1)) >> ((i & 1) << 2)) & 15) + above;
    above = i < DIGITS - 1 ? (nibble + 8) >> 4 : 0;
    store<i32>(to + 16 * i, nibble - (above << 4));
  }
}
