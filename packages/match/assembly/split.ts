import {
  addAlone,
  Alone,
  cacheAlone,
  CachedAlone,
  doubleAlone,
  fromFirst,
  negateAloneIf,
  NOTHING,
  setNeutral,
  toAll,
} from "./alone";
import { OUTPUT, points, SCALARS } from "./batch";
import { copy } from "./field";
import { FE_BYTES, LIMB } from "./limbs";
import { Point, POINT_BYTES } from "./point";
import { encode } from "./ristretto";
import { DIGITS, equals, merged, writeDigits } from "./scale";

/** A scalar is split into so many parts, each worth 16^16 times the one before. */
const PARTS: i32 = 4;
const PART_DIGITS: i32 = DIGITS / PARTS;
const MULTIPLES: i32 = 8;
const PART_BYTES: usize = FE_BYTES * MULTIPLES;
const TABLE_BYTES: usize = PART_BYTES * PARTS;

/** Of two elements, 1 to 8 times each of P, 16^16 P, 16^32 P and 16^48 P. */
const tables: CachedAlone = memory.data(10240, 16);
const chosen: CachedAlone = memory.data(160, 16);
const sum: Alone = memory.data(160, 16);
const step: Alone = memory.data(160, 16);
const multiple: Alone = memory.data(160, 16);
/** As `writeDigits` leaves them; an element's in the lane of its number. */
const digits: usize = memory.data(1024, 16);
/** Sums that are to be encoded, one a lane. */
const kept: Point = memory.data(640, 16);

/**
 * Makes the multiples of the first of the points, which was just decoded. They cost what a multiplication costs, and from
 * then on each costs a third: four parts of a scalar need a quarter of the doublings.
 */
export function splitFirst(slot: i32): void {
  fromFirst(step, points);
  for (let part = 0; part < PARTS; part++) {
    const table = tables + TABLE_BYTES * <usize>slot + PART_BYTES * <usize>part;
    cacheAlone(table, step);
    copy(multiple, step);
    for (let i = 1; i < MULTIPLES; i++) {
      addAlone(multiple, multiple, table);
      cacheAlone(table + FE_BYTES * <usize>i, multiple);
    }
    if (part === PARTS - 1) break;
    for (let i = 0; i < 4 * PART_DIGITS; i++) doubleAlone(step, step);
  }
}

/**
 * The first point becomes Σ scalar_i · element_i over elements that were split, none of them or up to two. Every multiple
 * is read for each digit: neither branches nor addresses depend on scalars.
 * @param slot of the first element
 * @param count the scalars, below 2^255
 */
export function sumOfSplit(slot: i32, count: i32): void {
  for (let i = 0; i < count; i++) writeDigits(digits + 4 * i, SCALARS + 32 * i);
  setNeutral(sum);
  for (let place = count === 0 ? -1 : PART_DIGITS - 1; place >= 0; place--) {
    if (place < PART_DIGITS - 1) for (let i = 0; i < 4; i++) doubleAlone(sum, sum);
    for (let i = 0; i < count; i++) {
      const table = tables + TABLE_BYTES * <usize>(slot + i);
      for (let part = 0; part < PARTS; part++) {
        choose(table + PART_BYTES * <usize>part, load<i32>(digits + 4 * i + 16 * (PART_DIGITS * part + place)));
        addAlone(sum, sum, chosen);
      }
    }
  }
  toAll(points, sum);
  memory.fill(digits, 0, 1024);
  memory.fill(chosen, 0, FE_BYTES);
  memory.fill(SCALARS, 0, 64);
}

/** chosen = digit times the element. */
function choose(table: usize, digit: i32): void {
  const size = i32x4.splat(abs(digit));
  const is0 = equals(size, 0);
  const is1 = equals(size, 1);
  const is2 = equals(size, 2);
  const is3 = equals(size, 3);
  const is4 = equals(size, 4);
  const is5 = equals(size, 5);
  const is6 = equals(size, 6);
  const is7 = equals(size, 7);
  const is8 = equals(size, 8);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    let limbs = v128.and(is0, v128.load(NOTHING + at));
    limbs = merged(limbs, is1, table + at);
    limbs = merged(limbs, is2, table + FE_BYTES + at);
    limbs = merged(limbs, is3, table + 2 * FE_BYTES + at);
    limbs = merged(limbs, is4, table + 3 * FE_BYTES + at);
    limbs = merged(limbs, is5, table + 4 * FE_BYTES + at);
    limbs = merged(limbs, is6, table + 5 * FE_BYTES + at);
    limbs = merged(limbs, is7, table + 6 * FE_BYTES + at);
    limbs = merged(limbs, is8, table + 7 * FE_BYTES + at);
    v128.store(chosen + at, limbs);
  }
  negateAloneIf(chosen, i32x4.splat(digit >> 31));
}

/** The first point is a sum that is whole: the one of `lane`. */
export function keepSum(lane: i32): void {
  for (let at: usize = 0; at < POINT_BYTES; at += LIMB) store<u32>(kept + at + 4 * lane, load<u32>(points + at));
}

/** Encodes four sums at once, since that costs no more than one. */
export function encodeSums(): void {
  encode(OUTPUT, 32, kept, false);
}
