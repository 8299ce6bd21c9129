import { group, OUTPUT, SCALARS } from "./batch";
import { D, INVSQRT_A_MINUS_D, ONE, SQRT_M1 } from "./constants";
import { toWords } from "./encoding";
import { add, carry, choose, copy, invert, isNegative, isZero, negateIf, subtract } from "./field";
import { Fe, FE_BYTES, LIMB } from "./limbs";
import { Point, T, Y, Z } from "./point";
import { multiply } from "./product";
import { halve } from "./scalar";
import { square } from "./square";

/** Products of the denominators of all groups before each. */
const before: usize = memory.data(40960, 16);
const product: Fe = memory.data(160, 16);
const inverse: Fe = memory.data(160, 16);
const eg: Fe = memory.data(160, 16);
const fh: Fe = memory.data(160, 16);
const t0: Fe = memory.data(160, 16);
const t1: Fe = memory.data(160, 16);
const t2: Fe = memory.data(160, 16);

/** Halves the scalars modulo the order, so that what they make of points can be written by `encodeDoubled`. */
export function halveScalars(count: i32): void {
  for (let i = 0; i < count; i++) halve(SCALARS + 32 * i);
}

/**
 * Encodes twice each point (RFC 9496 §4.3.2) with one inversion for all instead of a root for each, a method that
 * curve25519-dalek made known; uses the points up. With e = 2XY, f = Z² + dT² = Y² − X², g = X² + Y², h = Z² − dT², twice
 * the point is e/f, g/h, and h² − g² = −(1 + d)·e²: the root that encoding asks for is √(a − d)·e·f.
 */
export function encodeDoubled(count: i32): void {
  copy(product, ONE);
  for (let i = 0; i < count; i += 4) {
    const p = group(i);
    double(p);
    multiply(eg, p, p + 2 * FE_BYTES);
    multiply(fh, p + FE_BYTES, p + 3 * FE_BYTES);
    multiply(eg, eg, fh);
    choose(eg, isZero(eg), ONE, eg);
    copy(before + 40 * i, product);
    multiply(product, product, eg);
  }
  invert(inverse, product);
  for (let i = (count - 1) & -4; i >= 0; i -= 4) {
    const p = group(i);
    multiply(eg, p, p + 2 * FE_BYTES);
    multiply(fh, p + FE_BYTES, p + 3 * FE_BYTES);
    multiply(t0, eg, fh);
    const nothing = isZero(t0);
    choose(t0, nothing, ONE, t0);
    multiply(product, inverse, before + 40 * i); // 1/(e·f·g·h)
    multiply(inverse, inverse, t0);
    encode(OUTPUT + 32 * i, p, nothing);
  }
}

/** Puts e, f, g and h in the place of the point. f and h are never zero, since −d and d are no squares. */
function double(p: Point): void {
  square(t0, p + Z);
  square(t1, p + T);
  multiply(t1, t1, D);
  square(eg, p);
  square(fh, p + Y);
  multiply(p, p, p + Y);
  add(p, p, p);
  add(p + FE_BYTES, t0, t1);
  add(p + 2 * FE_BYTES, eg, fh);
  subtract(p + 3 * FE_BYTES, t0, t1);
  for (let at: usize = 0; at < 4 * FE_BYTES; at += FE_BYTES) carry(p + at);
}

/**
 * Encodes e/f, g/h, with `product` = 1/(e·f·g·h). Twice a point is in the identity's class exactly where e or g is zero
 * (the point is of order 4 or 8): in those lanes what is written is zero.
 */
function encode(to: usize, p: Point, nothing: v128): void {
  const e = p;
  const f = p + FE_BYTES;
  const g = p + 2 * FE_BYTES;
  const h = p + 3 * FE_BYTES;
  multiply(fh, fh, product); // 1/(e·g)
  multiply(t0, eg, product); // 1/(f·h)
  multiply(eg, eg, t0); // x·y
  const rotate = isNegative(eg);
  // Turned by a point of order 4 where x·y is negative: x = e/f and y = g/h become i·g/h and i·e/f.
  multiply(t1, g, SQRT_M1);
  multiply(t2, e, SQRT_M1);
  multiply(eg, g, INVSQRT_A_MINUS_D);
  choose(eg, rotate, e, eg); // The factor of the root, over e·g.
  choose(t1, rotate, t1, e);
  choose(t2, rotate, t2, g);
  choose(p + 3 * FE_BYTES, rotate, f, h);
  multiply(t1, t1, h);
  multiply(t1, t1, t0); // x
  negateIf(t2, isNegative(t1));
  subtract(t0, h, t2);
  multiply(eg, eg, fh);
  multiply(t0, t0, eg);
  negateIf(t0, isNegative(t0));
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) v128.store(t0 + at, v128.andnot(v128.load(t0 + at), nothing));
  toWords(to, 32, t0);
}
