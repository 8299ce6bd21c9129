import { group, points, SCALARS } from "./batch";
import { ONE, TWICE_D } from "./constants";
import { add, carry, copy, invert, subtract } from "./field";
import { Fe, FE_BYTES, LIMB } from "./limbs";
import { addAffine, addCached, cache, Cached, double, negateCachedIf, Point, POINT_BYTES, Y, Z } from "./point";
import { multiply } from "./product";

/** Bits of a window; digits are signed, so of each window 16 multiples are kept. */
const WIDTH = 5;
export const MULTIPLES: i32 = 16;
/** Windows for which a lane works out the multiples: four lanes, 52 windows, 260 bits. */
export const ROUNDS: i32 = 13;
const WINDOWS = 52;

/** Y + X, Y − X, 2d·T of points with Z = 1: one of each quarter of the windows, in the lanes. */
const ENTRY: usize = 480;
/** The entries of four windows. */
export const ROUND_BYTES: usize = ENTRY * 16;
export const TABLE_BYTES: usize = 99840;

/**
 * Tables of two bases: 0 for the generator, 1 for whichever key is at hand. Entry m of a round has in lane l the point
 * m · 32^w · base, w being the round and 13 l.
 */
export const tables: usize = memory.data(199680, 16);
const chosen: Cached = memory.data(640, 16);
const addend: Cached = memory.data(640, 16);
const lanes: Point = memory.data(640, 16);
const step: Point = memory.data(640, 16);
const product: Fe = memory.data(160, 16);
const inverse: Fe = memory.data(160, 16);
export const digits: usize = memory.data(832, 16);

/** Makes the table of the first of the points, which was just decoded; uses up all points. */
export function buildTable(slot: i32): void {
  startLanes();
  // Each point's T takes the product of all Z before it: one inversion does for all (Montgomery, 1987, §10.3.1).
  copy(product, ONE);
  for (let round = 0; round < ROUNDS; round++) {
    cache(addend, lanes);
    for (let m = 0; m < MULTIPLES; m++) {
      const out = stored(round, m);
      if (m > 0) addCached(lanes, lanes, addend, true);
      memory.copy(out, lanes, POINT_BYTES);
      copy(out + 3 * FE_BYTES, product);
      multiply(product, product, lanes + Z);
    }
    double(lanes, lanes, true);
  }
  invert(inverse, product);
  for (let round = ROUNDS - 1; round >= 0; round--) {
    for (let m = MULTIPLES - 1; m >= 0; m--) writeEntries(tables + TABLE_BYTES * <usize>slot, round, m);
  }
}

/** Lane l begins with 2^(65 l) times the first point. */
function startLanes(): void {
  for (let at: usize = 0; at < POINT_BYTES; at += LIMB) v128.store(step + at, v128.load32_splat(points + at));
  for (let lane: usize = 0; lane < 4; lane++) {
    for (let at: usize = 4 * lane; at < POINT_BYTES; at += LIMB) store<u32>(lanes + at, load<u32>(step + at));
    for (let i = 0; i < ROUNDS * WIDTH; i++) double(step, step, true);
  }
}

function stored(round: i32, m: i32): Point {
  return points + POINT_BYTES * <usize>(round * MULTIPLES + m);
}

/** Makes Z one and writes what an addition takes; `inverse` is that of all Z up to this one. */
function writeEntries(table: usize, round: i32, m: i32): void {
  const p = stored(round, m);
  multiply(product, inverse, p + 3 * FE_BYTES);
  multiply(inverse, inverse, p + Z);
  multiply(p, p, product);
  multiply(p + Y, p + Y, product);
  add(chosen, p + Y, p);
  subtract(chosen + FE_BYTES, p + Y, p);
  carry(chosen);
  carry(chosen + FE_BYTES);
  multiply(product, p, p + Y);
  multiply(chosen + 2 * FE_BYTES, product, TWICE_D);
  memory.copy(table + ROUND_BYTES * <usize>round + ENTRY * <usize>m, chosen, ENTRY);
}

/**
 * To each point is added its scalar times the base of a table, or that is subtracted. Every entry of a window is read for
 * each digit: neither branches nor addresses depend on scalars. Time is that of 52 additions, without a doubling.
 * @param count the scalars, one for each point, below 2^255
 */
export function addMultiples(count: i32, slot: i32, negative: bool): void {
  const table = tables + TABLE_BYTES * <usize>slot;
  const turned = i32x4.splat(negative ? -1 : 0);
  for (let i = 0; i < count; i += 4) {
    const p = group(i);
    for (let lane = 0; lane < 4; lane++) writeDigits(digits + 4 * lane, SCALARS + 32 * (i + lane));
    for (let round = 0; round < ROUNDS; round++) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const digit = v128.load(digits + 16 * (ROUNDS * quarter + round));
        chooseEntry<OneQuarter>(chosen, table + ROUND_BYTES * <usize>round + 4 * quarter, digit, turned);
        addAffine(p, p, chosen);
      }
    }
  }
  memory.fill(digits, 0, 832);
  memory.fill(chosen, 0, POINT_BYTES);
  memory.fill(SCALARS, 0, 32 * <usize>((count + 3) & -4));
}

/** Whether all lanes choose among the entries of one quarter, or each in its own; types, so that each is compiled for itself. */
type OneQuarter = i32;
export type OwnQuarter = i64;

/** The entry of each lane's digit, negated where the mask is set; every one is read. */
export function chooseEntry<Quarter>(out: Cached, entries: usize, digit: v128, turned: v128): void {
  const size = i32x4.abs(digit);
  choose<Quarter>(out, entries, size, 1);
  choose<Quarter>(out + FE_BYTES, entries + FE_BYTES, size, 1);
  choose<Quarter>(out + 3 * FE_BYTES, entries + 2 * FE_BYTES, size, 0);
  negateCachedIf(out, v128.xor(i32x4.lt_s(digit, i32x4.splat(0)), turned));
}

/** One coordinate of the entry of each lane's number; of number 0, which has no entry, it is `neutral`. */
function choose<Quarter>(out: Fe, entries: usize, size: v128, neutral: i32): void {
  let l0 = v128.and(i32x4.eq(size, i32x4.splat(0)), i32x4.splat(neutral));
  let l1 = i32x4.splat(0);
  let l2 = l1;
  let l3 = l1;
  let l4 = l1;
  let l5 = l1;
  let l6 = l1;
  let l7 = l1;
  let l8 = l1;
  let l9 = l1;
  for (let m = 1; m <= MULTIPLES; m++) {
    const mask = i32x4.eq(size, i32x4.splat(m));
    l0 = merged<Quarter>(l0, mask, entries);
    l1 = merged<Quarter>(l1, mask, entries + LIMB);
    l2 = merged<Quarter>(l2, mask, entries + 2 * LIMB);
    l3 = merged<Quarter>(l3, mask, entries + 3 * LIMB);
    l4 = merged<Quarter>(l4, mask, entries + 4 * LIMB);
    l5 = merged<Quarter>(l5, mask, entries + 5 * LIMB);
    l6 = merged<Quarter>(l6, mask, entries + 6 * LIMB);
    l7 = merged<Quarter>(l7, mask, entries + 7 * LIMB);
    l8 = merged<Quarter>(l8, mask, entries + 8 * LIMB);
    l9 = merged<Quarter>(l9, mask, entries + 9 * LIMB);
    entries += ENTRY;
  }
  v128.store(out, l0);
  v128.store(out + LIMB, l1);
  v128.store(out + 2 * LIMB, l2);
  v128.store(out + 3 * LIMB, l3);
  v128.store(out + 4 * LIMB, l4);
  v128.store(out + 5 * LIMB, l5);
  v128.store(out + 6 * LIMB, l6);
  v128.store(out + 7 * LIMB, l7);
  v128.store(out + 8 * LIMB, l8);
  v128.store(out + 9 * LIMB, l9);
}

function merged<Quarter>(limbs: v128, mask: v128, from: usize): v128 {
  const words = sizeof<Quarter>() === sizeof<OneQuarter>() ? v128.load32_splat(from) : v128.load(from);
  return v128.or(limbs, v128.and(mask, words));
}

/** Windows of five bits as digits from −16 to 15, with what is carried to the next; the last stays below 2. */
export function writeDigits(to: usize, scalar: usize): void {
  let above = 0;
  let held: u64 = 0;
  let bits = 0;
  let next: usize = 0;
  for (let i = 0; i < WINDOWS; i++) {
    if (bits < WIDTH && next < 32) {
      held |= <u64>load<u32>(scalar + next) << bits;
      next += 4;
      bits += 32;
    }
    const digit = (<i32>held & 31) + above;
    held >>= WIDTH;
    bits -= WIDTH;
    above = (digit + 16) >> 5;
    store<i32>(to + 16 * i, digit - (above << 5));
  }
}
