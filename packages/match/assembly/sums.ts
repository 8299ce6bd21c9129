import { Fe, FE_BYTES, LIMB } from "./limbs";

/** Nineteen times the limbs of a right factor: 2^255 = 19, so what overflows comes back nineteenfold. */
export const NINETEEN: Fe = memory.data(160, 16);

/** Ten sums of products, of up to 63 bits, for the lower two lanes; behind them those for the upper two. */
const SUMS: usize = memory.data(320, 16);

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

export function keep<Half>(i: usize, sum: v128): void {
  v128.store(SUMS + LIMB * i + (sizeof<Half>() === sizeof<Lower>() ? 0 : FE_BYTES), sum);
}

/** Carries the sums of both halves into limbs and joins them: out is tight. */
export function settle(out: Fe): void {
  carrySums(SUMS);
  carrySums(SUMS + FE_BYTES);
  for (let at: usize = 0; at < FE_BYTES; at += LIMB) {
    const joined = v128.shuffle<i32>(v128.load(SUMS + at), v128.load(SUMS + FE_BYTES + at), 0, 2, 4, 6);
    v128.store(out + at, joined);
  }
}

/** Two chains side by side, so that neither waits for the other: from 0 to 4 and on to 5, from 4 to 9 and around to 1. */
function carrySums(sums: usize): void {
  const even = i64x2.splat(0x3ffffff);
  const odd = i64x2.splat(0x1ffffff);
  let h0 = v128.load(sums);
  let h1 = v128.load(sums + LIMB);
  let h2 = v128.load(sums + 2 * LIMB);
  let h3 = v128.load(sums + 3 * LIMB);
  let h4 = v128.load(sums + 4 * LIMB);
  let h5 = v128.load(sums + 5 * LIMB);
  let h6 = v128.load(sums + 6 * LIMB);
  let h7 = v128.load(sums + 7 * LIMB);
  let h8 = v128.load(sums + 8 * LIMB);
  let h9 = v128.load(sums + 9 * LIMB);
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
  v128.store(sums, h0);
  v128.store(sums + LIMB, h1);
  v128.store(sums + 2 * LIMB, h2);
  v128.store(sums + 3 * LIMB, h3);
  v128.store(sums + 4 * LIMB, h4);
  v128.store(sums + 5 * LIMB, h5);
  v128.store(sums + 6 * LIMB, h6);
  v128.store(sums + 7 * LIMB, h7);
  v128.store(sums + 8 * LIMB, h8);
  v128.store(sums + 9 * LIMB, h9);
}
