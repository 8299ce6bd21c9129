import { ONE, TWICE_D, TWICE_P } from "./constants";
import { carry } from "./field";
import { Fe, FE_BYTES, LIMB } from "./limbs";
import { minus4, pick, plus4 } from "./lanes";
import { multiply } from "./product";
import { square } from "./square";

/**
 * A single point, whose coordinates X, Y, Z and T stand side by side in the lanes of one field element, all tight. Where
 * there are not four points to fill the lanes, this takes two products of the field for a step instead of eight (Hisil,
 * Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", 2008, §4: four processors).
 */
export type Alone = Fe;

/** What a point that is often added is kept as: Y − X, Y + X, 2Z, 2d·T; tight, but for the last where it was negated. */
export type CachedAlone = Fe;

const NEUTRAL: Alone = beside(memory.data(160, 16), 0, 1, 1, 0);
/** The cached point that adds nothing. */
export const NOTHING: CachedAlone = beside(memory.data(160, 16), 1, 1, 2, 0);
const FACTORS: Fe = withTwiceD(beside(memory.data(160, 16), 1, 1, 2, 0));

const work: Fe = memory.data(160, 16);
const left: Fe = memory.data(160, 16);
const right: Fe = memory.data(160, 16);

function beside(out: Fe, x: i32, y: i32, z: i32, t: i32): Fe {
  store<i32>(out, x);
  store<i32>(out + 4, y);
  store<i32>(out + 8, z);
  store<i32>(out + 12, t);
  return out;
}

function withTwiceD(out: Fe): Fe {
  for (let at: usize = 12; at < FE_BYTES; at += LIMB) store<u32>(out + at, load<u32>(TWICE_D + at));
  return out;
}

export function setNeutral(out: Alone): void {
  memory.copy(out, NEUTRAL, FE_BYTES);
}

/** out = the point that stands in the first lane of four. */
export function fromFirst(out: Alone, points: usize): void {
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    for (let lane: usize = 0; lane < 4; lane++) {
      store<u32>(out + at + 4 * lane, load<u32>(points + FE_BYTES * lane + at));
    }
  }
}

/** Puts the point in each lane of four. */
export function toAll(points: usize, p: Alone): void {
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    for (let lane: usize = 0; lane < 4; lane++) {
      v128.store(points + FE_BYTES * lane + at, v128.load32_splat(p + at + 4 * lane));
    }
  }
}

/** out = 2p, by the formulas of `double` in `point.ts`: squares of X, Y, Z and X + Y first, then F, H, G, H times E, G, F, E. */
export function doubleAlone(out: Alone, p: Alone): void {
  const last = i32x4(0, 0, 0, -1);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(p + at);
    const y = v128.and(v128.shuffle<i32>(v, v, 1, 1, 1, 1), last);
    v128.store(work + at, plus4(v128.shuffle<i32>(v, v, 0, 1, 2, 0), y));
  }
  square(work, work);
  // X² + Y², X² − Y², X² − Y² + 2Z², X² + Y² − (X + Y)²: H, G, F, E; up to 5 units.
  const turned = i32x4(0, -1, -1, 0);
  const own = i32x4(0, 0, 2, -1);
  const below = i32x4(0, -1, -1, -1);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(work + at);
    const sum = plus4(v128.shuffle<i32>(v, v, 0, 0, 0, 0), negatedIf(v128.shuffle<i32>(v, v, 1, 1, 1, 1), turned));
    const rest = plus4(i32x4.mul(v, own), v128.and(v128.load(TWICE_P + at), below));
    v128.store(work + at, plus4(sum, rest));
  }
  carry(work);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(work + at);
    v128.store(left + at, v128.shuffle<i32>(v, v, 2, 0, 1, 0));
    v128.store(right + at, v128.shuffle<i32>(v, v, 3, 1, 2, 3));
  }
  multiply(out, left, right);
}

/** out = p + q, by the formulas of `addCached` in `point.ts`; complete, so it holds for all points. */
export function addAlone(out: Alone, p: Alone, q: CachedAlone): void {
  open(work, p);
  multiply(work, work, q);
  // Of A, B, D, C: B − A, B + A, D − C, D + C, that is E, H, F, G; up to 3 units.
  const turned = i32x4(-1, 0, -1, 0);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(work + at);
    const sum = plus4(v128.shuffle<i32>(v, v, 1, 1, 2, 2), negatedIf(v128.shuffle<i32>(v, v, 0, 0, 3, 3), turned));
    const w = plus4(sum, v128.and(v128.load(TWICE_P + at), turned));
    v128.store(left + at, v128.shuffle<i32>(w, w, 0, 3, 2, 0));
    v128.store(right + at, v128.shuffle<i32>(w, w, 2, 1, 3, 1));
  }
  multiply(out, left, right);
}

export function cacheAlone(out: CachedAlone, p: Alone): void {
  open(work, p);
  multiply(out, work, FACTORS);
}

/** −q where the mask is set: Y − X and Y + X change places, 2d·T its sign. */
export function negateAloneIf(q: CachedAlone, mask: v128): void {
  const last = i32x4(0, 0, 0, -1);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(q + at);
    const negated = negatedIf(v128.shuffle<i32>(v, v, 1, 0, 2, 3), last);
    v128.store(q + at, pick(mask, plus4(negated, v128.and(v128.load(TWICE_P + at), last)), v));
  }
}

/** out = Y − X, Y + X, Z, T; up to 3 units. */
function open(out: Fe, p: Alone): void {
  const first = i32x4(-1, 0, 0, 0);
  const both = i32x4(-1, -1, 0, 0);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const v = v128.load(p + at);
    const x = negatedIf(v128.and(v128.shuffle<i32>(v, v, 0, 0, 0, 0), both), first);
    const sum = plus4(v128.shuffle<i32>(v, v, 1, 1, 2, 3), x);
    v128.store(out + at, plus4(sum, v128.and(v128.load(TWICE_P + at), first)));
  }
}

/** Negates the lanes of the mask, modulo 2^32. */
function negatedIf(v: v128, mask: v128): v128 {
  return minus4(v128.xor(v, mask), mask);
}
