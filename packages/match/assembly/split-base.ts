import { points, SCALARS } from "./batch";
import { chooseEntry, digits, OwnQuarter, ROUND_BYTES, ROUNDS, TABLE_BYTES, tables, writeDigits } from "./fixed-base";
import { gather } from "./lanes";
import { LIMB } from "./limbs";
import { addAffine, addCached, cache, Cached, Point, POINT_BYTES, setIdentity } from "./point";

const chosen: Cached = memory.data(640, 16);
const addend: Cached = memory.data(640, 16);
const other: Point = memory.data(640, 16);

/**
 * To the first point the first scalar times the base of a table is added, or that is subtracted, by all four lanes: each
 * takes a quarter of the windows, and what they come to is summed up. For one point alone, that is a quarter of the
 * additions of `addMultiples`; as there, every entry of a window is read for each digit. All lanes have the sum.
 * @param scalar below 2^255
 */
export function addMultiple(slot: i32, negative: bool): void {
  const table = tables + TABLE_BYTES * <usize>slot;
  const turned = i32x4.splat(negative ? -1 : 0);
  setIdentity(other);
  for (let at: usize = 0; at < POINT_BYTES; at += LIMB) {
    v128.store(points + at, i32x4.replace_lane(v128.load(other + at), 0, load<u32>(points + at)));
  }
  writeDigits(digits, SCALARS);
  for (let round = 0; round < ROUNDS; round++) {
    const digit = gather(digits + 16 * <usize>round, 16 * <usize>ROUNDS);
    chooseEntry<OwnQuarter>(chosen, table + ROUND_BYTES * <usize>round, digit, turned);
    addAffine(points, points, chosen);
  }
  addLanes();
  memory.fill(digits, 0, 832);
  memory.fill(chosen, 0, POINT_BYTES);
  memory.fill(SCALARS, 0, 32);
}

/** Each lane of the first points = the sum of all four: of pairs, then of pairs of pairs. */
function addLanes(): void {
  for (let at: usize = 0; at < POINT_BYTES; at += LIMB) {
    const words = v128.load(points + at);
    v128.store(other + at, v128.shuffle<i32>(words, words, 1, 0, 3, 2));
  }
  cache(addend, other);
  addCached(points, points, addend, true);
  for (let at: usize = 0; at < POINT_BYTES; at += LIMB) {
    const words = v128.load(points + at);
    v128.store(other + at, v128.shuffle<i32>(words, words, 2, 3, 0, 1));
  }
  cache(addend, other);
  addCached(points, points, addend, true);
}
