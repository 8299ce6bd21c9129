import { minus4, pick, plus4 } from "./lanes";
import { Fe, FE_BYTES, limb, LIMB } from "./limbs";
import { multiply } from "./product";
import { square, squareTimes } from "./square";
import { squareOneTimes } from "./square-one";

const EVEN: i32 = 0x3ffffff;
const ODD: i32 = 0x1ffffff;

export function copy(out: Fe, f: Fe): void {
  memory.copy(out, f, FE_BYTES);
}

/** out = f + g: the bounds add up. Written out, as is `subtract`: in loops the two cost a tenth of all time more. */
export function add(out: Fe, f: Fe, g: Fe): void {
  addLimb(out, f, g, 0);
  addLimb(out, f, g, 1);
  addLimb(out, f, g, 2);
  addLimb(out, f, g, 3);
  addLimb(out, f, g, 4);
  addLimb(out, f, g, 5);
  addLimb(out, f, g, 6);
  addLimb(out, f, g, 7);
  addLimb(out, f, g, 8);
  addLimb(out, f, g, 9);
}

function addLimb(out: Fe, f: Fe, g: Fe, i: usize): void {
  v128.store(out + LIMB * i, plus4(limb(f, i), limb(g, i)));
}

/** out = f − g + 2p: two units above f. g tight, or its limbs might exceed those of 2p. */
export function subtract(out: Fe, f: Fe, g: Fe): void {
  subtractLimb(out, f, g, 0, 2 * (EVEN - 18));
  subtractLimb(out, f, g, 1, 2 * ODD);
  subtractLimb(out, f, g, 2, 2 * EVEN);
  subtractLimb(out, f, g, 3, 2 * ODD);
  subtractLimb(out, f, g, 4, 2 * EVEN);
  subtractLimb(out, f, g, 5, 2 * ODD);
  subtractLimb(out, f, g, 6, 2 * EVEN);
  subtractLimb(out, f, g, 7, 2 * ODD);
  subtractLimb(out, f, g, 8, 2 * EVEN);
  subtractLimb(out, f, g, 9, 2 * ODD);
}

function subtractLimb(out: Fe, f: Fe, g: Fe, i: usize, twiceP: i32): void {
  v128.store(out + LIMB * i, minus4(plus4(limb(f, i), i32x4.splat(twiceP)), limb(g, i)));
}

/** Makes f tight, one carry from each limb to the next. Limbs below 32 units. */
export function carry(f: Fe): void {
  const odd = i32x4.splat(ODD);
  const even = i32x4.splat(EVEN);
  let above = i32x4.shr_u(v128.load(f + 9 * LIMB), 25);
  above = i32x4.mul(above, i32x4.splat(19));
  for (let at: usize = 0; at < FE_BYTES; at += 2 * LIMB) {
    const low = v128.load(f + at);
    v128.store(f + at, plus4(v128.and(low, even), above));
    const high = v128.load(f + at + LIMB);
    v128.store(f + at + LIMB, plus4(v128.and(high, odd), i32x4.shr_u(low, 26)));
    above = i32x4.shr_u(high, 25);
  }
}

/** out = the one representative from 0 to p − 1. Limbs below 32 units; public and secret values alike. */
export function freeze(out: Fe, f: Fe): void {
  copy(out, f);
  carry(out);
  carry(out);
  // The value is now below 2p: it is p or above exactly if adding 19 reaches 2^255.
  const nineteen = i32x4.splat(19);
  const over = chain(out, nineteen, false);
  chain(out, i32x4.mul(over, nineteen), true);
}

/** Adds to the lowest limb and carries upwards; returns what leaves the highest limb. Writes the limbs if asked to. */
function chain(f: Fe, addend: v128, write: bool): v128 {
  for (let at: usize = 0; at < FE_BYTES; at += 2 * LIMB) {
    const low = plus4(v128.load(f + at), addend);
    const high = plus4(v128.load(f + at + LIMB), i32x4.shr_u(low, 26));
    addend = i32x4.shr_u(high, 25);
    if (write) {
      v128.store(f + at, v128.and(low, i32x4.splat(EVEN)));
      v128.store(f + at + LIMB, v128.and(high, i32x4.splat(ODD)));
    }
  }
  return addend;
}

const frozen: Fe = memory.data(160, 16);

/** Mask of the lanes where f is zero modulo p. Limbs below 32 units. */
export function isZero(f: Fe): v128 {
  freeze(frozen, f);
  let any = v128.load(frozen);
  for (let at: usize = LIMB; at < FE_BYTES; at += LIMB) any = v128.or(any, v128.load(frozen + at));
  return i32x4.eq(any, i32x4.splat(0));
}

/** Mask of the lanes where f is negative: its lowest bit is set (RFC 9496 §3.1). Limbs below 32 units. */
export function isNegative(f: Fe): v128 {
  freeze(frozen, f);
  return i32x4.neg(v128.and(v128.load(frozen), i32x4.splat(1)));
}

/** out = f in the lanes of the mask, g in the others. */
export function choose(out: Fe, mask: v128, f: Fe, g: Fe): void {
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    v128.store(out + at, pick(mask, v128.load(f + at), v128.load(g + at)));
  }
}

const ZERO: Fe = memory.data(160, 16);
const negated: Fe = memory.data(160, 16);

/** Negates f, which is tight, in the lanes of the mask, and leaves it tight. */
export function negateIf(f: Fe, mask: v128): void {
  subtract(negated, ZERO, f);
  carry(negated);
  choose(f, mask, negated, f);
}

const t0: Fe = memory.data(160, 16);
const t1: Fe = memory.data(160, 16);
const t2: Fe = memory.data(160, 16);

/**
 * out = f^((p − 5)/8) = f^(2^252 − 3), by the addition chain of 254 squarings and 11 products that ref10 made known.
 * @param one only the first lane stands for anything
 */
export function power(out: Fe, f: Fe, one: bool): void {
  square(t0, f); // f^2
  squareTimes(t1, t0, 2); // f^8
  multiply(t1, f, t1); // f^9
  multiply(t0, t0, t1); // f^11
  square(t0, t0); // f^22
  multiply(t0, t1, t0); // f^(2^5 − 1)
  squareMany(t1, t0, 5, one);
  multiply(t0, t1, t0); // f^(2^10 − 1)
  squareMany(t1, t0, 10, one);
  multiply(t1, t1, t0); // f^(2^20 − 1)
  squareMany(t2, t1, 20, one);
  multiply(t1, t2, t1); // f^(2^40 − 1)
  squareMany(t1, t1, 10, one);
  multiply(t0, t1, t0); // f^(2^50 − 1)
  squareMany(t1, t0, 50, one);
  multiply(t1, t1, t0); // f^(2^100 − 1)
  squareMany(t2, t1, 100, one);
  multiply(t1, t2, t1); // f^(2^200 − 1)
  squareMany(t1, t1, 50, one);
  multiply(t0, t1, t0); // f^(2^250 − 1)
  squareTimes(t0, t0, 2);
  multiply(out, t0, f);
}

function squareMany(out: Fe, f: Fe, count: i32, one: bool): void {
  if (one) squareOneTimes(out, f, count);
  else squareTimes(out, f, count);
}

const base: Fe = memory.data(160, 16);
const cube: Fe = memory.data(160, 16);

/** out = 1/f, which is f^(p − 2) = (f^((p − 5)/8))^8 · f^3; 0 where f is 0. */
export function invert(out: Fe, f: Fe): void {
  square(cube, f);
  multiply(cube, cube, f);
  power(base, f, false);
  squareTimes(base, base, 3);
  multiply(out, base, cube);
}
