/**
 * Elements of the field of 2^255 − 19, four at a time.
 *
 * An element is a sum of ten limbs of 26 and 25 bits in turn: f = Σ f_i · 2^⌈25.5 i⌉, the representation of Bernstein's
 * "Curve25519: new Diffie-Hellman speed records" (2006) with integers. It takes 160 bytes: the vector at offset 16·i
 * holds limb i of four elements. Two limbs of 32 bits are multiplied to 64 by one instruction for two lanes.
 *
 * Limbs are unsigned. Bounds are in *units*: 2^26 for limbs of even index, 2^25 for those of odd. What `multiply`,
 * `square` and `carry` leave is *tight*: below 1.01 units. A sum of tight elements is below 2.02, a difference (which
 * adds 2p, or it would fall below zero) below 3.02; `multiply` takes below 9 on its left and 3.3 on its right.
 */
export type Fe = usize;

export const LIMB: usize = 16;
export const FE_BYTES: usize = 160;

export function limb(f: Fe, i: usize): v128 {
  return v128.load(f + LIMB * i);
}
