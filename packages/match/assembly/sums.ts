import { Fe, LIMB } from "./limbs";

/** Nineteen times the limbs of a right factor: 2^255 = 19, so what overflows comes back nineteenfold. */
export const NINETEEN: Fe = memory.data(160, 16);

/** The limbs of the lower two lanes of a product, until those of the upper two are there. */
const LOWER: usize = memory.data(160, 16);

/** Which two of the four lanes a half of a product is about; types, so that each half is compiled for itself. */
export type Lower = i32;
export type Upper = i64;

/** Two products of 32 by 32 bits. */
export function times<Half>(a: v128, b: v128): v128 {
  if (sizeof<Half>() === sizeof<Lower>()) return i64x2.extmul_low_i32x4_u(a, b);
  return i64x2.extmul_high_i32x4_u(a, b);
}

export function plus(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

/**
 * Carries ten sums of products, of up to 63 bits, into limbs that are tight; those of the upper half join the lower ones in
 * `out`. Two chains side by side, so that neither waits for the other: from 0 to 4 and on to 5, from 4 to 9 and around to 1.
 * Part of whoever calls it: sums that went through memory would cost a seventh of a product.
 */
// @ts-ignore: a decorator of the compiler
@inline
export function settle<Half>(
  out: Fe,
  h0: v128,
  h1: v128,
  h2: v128,
  h3: v128,
  h4: v128,
  h5: v128,
  h6: v128,
  h7: v128,
  h8: v128,
  h9: v128,
): void {
  const even = i64x2.splat(0x3ffffff);
  const odd = i64x2.splat(0x1ffffff);
  h1 = plus(h1, i64x2.shr_u(h0, 26));
  h0 = v128.and(h0, even);
  h5 = plus(h5, i64x2.shr_u(h4, 26));
  h4 = v128.and(h4, even);
  h2 = plus(h2, i64x2.shr_u(h1, 25));
  h1 = v128.and(h1, odd);
  h6 = plus(h6, i64x2.shr_u(h5, 25));
  h5 = v128.and(h5, odd);
  h3 = plus(h3, i64x2.shr_u(h2, 26));
  h2 = v128.and(h2, even);
  h7 = plus(h7, i64x2.shr_u(h6, 26));
  h6 = v128.and(h6, even);
  h4 = plus(h4, i64x2.shr_u(h3, 25));
  h3 = v128.and(h3, odd);
  h8 = plus(h8, i64x2.shr_u(h7, 25));
  h7 = v128.and(h7, odd);
  h5 = plus(h5, i64x2.shr_u(h4, 26));
  h4 = v128.and(h4, even);
  h9 = plus(h9, i64x2.shr_u(h8, 26));
  h8 = v128.and(h8, even);
  const over = i64x2.shr_u(h9, 25);
  h9 = v128.and(h9, odd);
  h0 = plus(h0, plus(plus(i64x2.shl(over, 4), i64x2.shl(over, 1)), over));
  h1 = plus(h1, i64x2.shr_u(h0, 26));
  h0 = v128.and(h0, even);
  put<Half>(out, 0, h0);
  put<Half>(out, 1, h1);
  put<Half>(out, 2, h2);
  put<Half>(out, 3, h3);
  put<Half>(out, 4, h4);
  put<Half>(out, 5, h5);
  put<Half>(out, 6, h6);
  put<Half>(out, 7, h7);
  put<Half>(out, 8, h8);
  put<Half>(out, 9, h9);
}

function put<Half>(out: Fe, i: usize, limbs: v128): void {
  if (sizeof<Half>() === sizeof<Lower>()) v128.store(LOWER + LIMB * i, limbs);
  else v128.store(out + LIMB * i, v128.shuffle<i32>(v128.load(LOWER + LIMB * i), limbs, 0, 2, 4, 6));
}
