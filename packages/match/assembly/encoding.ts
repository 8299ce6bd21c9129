import { freeze } from "./field";
import { gather, plus4, scatter } from "./lanes";
import { Fe, LIMB, limb } from "./limbs";

const frozen: Fe = memory.data(160, 16);

/**
 * Reads four elements of 32 bytes, little-endian, `stride` bytes apart; the top bit counts for nothing. The result is
 * tight, and may be p or above.
 */
export function fromWords(out: Fe, from: usize, stride: usize): void {
  const w0 = gather(from, stride);
  const w1 = gather(from + 4, stride);
  const w2 = gather(from + 8, stride);
  const w3 = gather(from + 12, stride);
  const w4 = gather(from + 16, stride);
  const w5 = gather(from + 20, stride);
  const w6 = gather(from + 24, stride);
  const w7 = gather(from + 28, stride);
  const even = i32x4.splat(0x3ffffff);
  const odd = i32x4.splat(0x1ffffff);
  // The limbs begin at bits 0, 26, 51, 77, 102 and 128, 153, 179, 204, 230.
  v128.store(out, v128.and(w0, even));
  v128.store(out + LIMB, v128.and(joined(w0, 26, w1), odd));
  v128.store(out + 2 * LIMB, v128.and(joined(w1, 19, w2), even));
  v128.store(out + 3 * LIMB, v128.and(joined(w2, 13, w3), odd));
  v128.store(out + 4 * LIMB, i32x4.shr_u(w3, 6));
  v128.store(out + 5 * LIMB, v128.and(w4, odd));
  v128.store(out + 6 * LIMB, v128.and(joined(w4, 25, w5), even));
  v128.store(out + 7 * LIMB, v128.and(joined(w5, 19, w6), odd));
  v128.store(out + 8 * LIMB, v128.and(joined(w6, 12, w7), even));
  v128.store(out + 9 * LIMB, v128.and(i32x4.shr_u(w7, 6), odd));
}

/** The bits of two words from bit `low` on. */
function joined(word: v128, low: i32, next: v128): v128 {
  return v128.or(i32x4.shr_u(word, low), i32x4.shl(next, 32 - low));
}

/** Writes four elements as 32 bytes each, `stride` bytes apart, in their canonical form. Limbs below 32 units. */
export function toWords(to: usize, stride: usize, f: Fe): void {
  freeze(frozen, f);
  const h = frozen;
  scatter(to, stride, shifted(limb(h, 0), 0, limb(h, 1), 26));
  scatter(to + 4, stride, shifted(limb(h, 1), 6, limb(h, 2), 19));
  scatter(to + 8, stride, shifted(limb(h, 2), 13, limb(h, 3), 13));
  scatter(to + 12, stride, shifted(limb(h, 3), 19, limb(h, 4), 6));
  scatter(to + 16, stride, shifted(limb(h, 5), 0, limb(h, 6), 25));
  scatter(to + 20, stride, shifted(limb(h, 6), 7, limb(h, 7), 19));
  scatter(to + 24, stride, shifted(limb(h, 7), 13, limb(h, 8), 12));
  scatter(to + 28, stride, shifted(limb(h, 8), 20, limb(h, 9), 6));
}

function shifted(low: v128, right: i32, high: v128, left: i32): v128 {
  return plus4(i32x4.shr_u(low, right), i32x4.shl(high, left));
}

const again = memory.data(128, 16);

/** Mask of the lanes whose 32 bytes are the canonical form of the element that was read from them. */
export function isCanonical(f: Fe, from: usize, stride: usize): v128 {
  toWords(again, 32, f);
  let differ = i32x4.splat(0);
  for (let at: usize = 0; at < 32; at += 4) {
    differ = v128.or(differ, v128.xor(gather(from + at, stride), gather(again + at, 32)));
  }
  return i32x4.eq(differ, i32x4.splat(0));
}
