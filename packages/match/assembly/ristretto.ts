import {
  D,
  D_MINUS_ONE_SQ,
  INVSQRT_A_MINUS_D,
  ONE,
  ONE_MINUS_D_SQ,
  SQRT_AD_MINUS_ONE,
  SQRT_M1,
  ZERO,
} from "./constants";
import { fromWords, isCanonical, toWords } from "./encoding";
import { add, carry, choose, copy, isNegative, isZero, negateIf, power, subtract } from "./field";
import { Fe } from "./limbs";
import { Point, T, Y, Z } from "./point";
import { multiply } from "./product";
import { square } from "./square";

const r0: Fe = memory.data(160, 16);
const r1: Fe = memory.data(160, 16);
const r2: Fe = memory.data(160, 16);
const r3: Fe = memory.data(160, 16);

/**
 * SQRT_RATIO_M1 (RFC 9496 §4.2): out = |√(u/v)|, or |√(i·u/v)| where u/v is no square. u and v tight.
 * @param one only the first lane stands for anything, here and in all that follows
 * @returns mask of the lanes where u/v is a square
 */
function squareRootOfRatio(out: Fe, u: Fe, v: Fe, one: bool): v128 {
  square(r0, v);
  multiply(r0, r0, v); // v^3
  square(r1, r0);
  multiply(r1, r1, v); // v^7
  multiply(r1, r1, u);
  power(r1, r1, one);
  multiply(r1, r1, r0);
  multiply(r1, r1, u); // u·v^3·(u·v^7)^((p−5)/8)
  square(r2, r1);
  multiply(r2, r2, v);
  subtract(r3, r2, u);
  const correct = isZero(r3);
  add(r3, r2, u);
  const flipped = isZero(r3);
  multiply(r3, u, SQRT_M1);
  add(r3, r3, r2);
  const flippedByRoot = isZero(r3);
  multiply(r2, r1, SQRT_M1);
  choose(out, v128.or(flipped, flippedByRoot), r2, r1);
  negateIf(out, isNegative(out));
  return v128.or(correct, flipped);
}

const s: Fe = memory.data(160, 16);
const u1: Fe = memory.data(160, 16);
const u2: Fe = memory.data(160, 16);
const v: Fe = memory.data(160, 16);
const w: Fe = memory.data(160, 16);
const n: Fe = memory.data(160, 16);

/**
 * Decodes four elements of 32 bytes, `stride` bytes apart (RFC 9496 §4.3.1).
 * @returns mask of the lanes that are none or the identity, which nobody has reason to send; their points are undefined
 */
export function decode(out: Point, from: usize, stride: usize, one: bool): v128 {
  fromWords(s, from, stride);
  let bad = v128.not(isCanonical(s, from, stride));
  bad = v128.or(bad, isNegative(s));
  bad = v128.or(bad, isZero(s));
  square(w, s);
  subtract(u1, ONE, w);
  carry(u1);
  add(u2, ONE, w);
  carry(u2);
  square(w, u2);
  square(v, u1);
  multiply(v, v, D);
  add(v, v, w);
  carry(v);
  subtract(v, ZERO, v); // −(D·u1²) − u2²
  carry(v);
  multiply(w, w, v);
  bad = v128.or(bad, v128.not(squareRootOfRatio(w, ONE, w, one)));
  multiply(n, w, u2); // den_x
  multiply(w, w, n);
  multiply(w, w, v); // den_y
  add(s, s, s);
  multiply(out, s, n);
  negateIf(out, isNegative(out));
  multiply(out + Y, u1, w);
  copy(out + Z, ONE);
  multiply(out + T, out, out + Y);
  bad = v128.or(bad, isNegative(out + T));
  return v128.or(bad, isZero(out + Y));
}

/** Encodes four elements, `stride` bytes apart (RFC 9496 §4.3.2). */
export function encode(to: usize, stride: usize, p: Point, one: bool): void {
  add(u1, p + Z, p + Y);
  subtract(u2, p + Z, p + Y);
  multiply(u1, u2, u1);
  multiply(u2, p, p + Y);
  square(w, u2);
  multiply(w, w, u1);
  squareRootOfRatio(w, ONE, w, one);
  multiply(u1, w, u1); // den1
  multiply(u2, w, u2); // den2
  multiply(v, u1, u2);
  multiply(v, v, p + T); // z_inv
  multiply(w, p + T, v);
  const rotate = isNegative(w);
  multiply(n, p + Y, SQRT_M1);
  choose(n, rotate, n, p); // x
  multiply(w, p, SQRT_M1);
  choose(s, rotate, w, p + Y); // y
  multiply(w, u1, INVSQRT_A_MINUS_D);
  choose(u2, rotate, w, u2); // den_inv
  multiply(w, n, v);
  negateIf(s, isNegative(w));
  subtract(s, p + Z, s);
  multiply(s, s, u2);
  negateIf(s, isNegative(s));
  toWords(to, stride, s);
}

/** MAP (RFC 9496 §4.3.4), the Elligator map to the curve, of four strings of 32 bytes, `stride` bytes apart. */
export function map(out: Point, from: usize, stride: usize, one: bool): void {
  fromWords(s, from, stride); // t
  square(n, s);
  multiply(n, n, SQRT_M1); // r
  add(u1, n, ONE);
  multiply(u1, u1, ONE_MINUS_D_SQ); // u
  multiply(v, n, D);
  add(v, v, ONE);
  carry(v);
  subtract(v, ZERO, v);
  add(w, n, D);
  multiply(v, v, w); // v
  const wasSquare = squareRootOfRatio(w, u1, v, one);
  multiply(u2, w, s);
  negateIf(u2, v128.not(isNegative(u2))); // −|s·t|
  choose(s, wasSquare, w, u2); // s
  subtract(w, n, ONE); // r − 1
  subtract(u1, ZERO, ONE);
  carry(u1);
  choose(u1, wasSquare, u1, n); // c
  multiply(w, w, u1);
  multiply(w, w, D_MINUS_ONE_SQ);
  subtract(n, w, v); // N
  multiply(u1, s, v);
  add(u1, u1, u1); // w0
  multiply(u2, n, SQRT_AD_MINUS_ONE); // w1
  square(s, s);
  subtract(v, ONE, s); // w2
  add(w, ONE, s); // w3
  multiply(out, u1, w);
  multiply(out + Y, v, u2);
  multiply(out + Z, u2, w);
  multiply(out + T, u1, v);
}
