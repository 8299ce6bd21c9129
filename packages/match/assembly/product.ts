import { plus4 } from "./lanes";
import { Fe, FE_BYTES, limb, LIMB } from "./limbs";
import { Lower, NINETEEN, plus, settle, times, Upper } from "./sums";

/**
 * out = f·g, schoolbook with reduction: the product of limbs i and j goes to limb i + j, doubled where both are odd
 * (their weights are rounded up: 2^⌈25.5 i⌉), times 19 where i + j > 9. Limbs of f below 9, of g below 3.3 units (see
 * `limbs.ts`): 19 g fits in 32 bits, a sum of ten products in 62.6. `out` may be f or g.
 */
export function multiply(out: Fe, f: Fe, g: Fe): void {
  const nineteen = i32x4.splat(19);
  for (let at: usize = LIMB; at < FE_BYTES; at += LIMB) {
    v128.store(NINETEEN + at, i32x4.mul(v128.load(g + at), nineteen));
  }
  half<Lower>(out, f, g);
  half<Upper>(out, f, g);
}

function half<Half>(out: Fe, f: Fe, g: Fe): void {
  let a: v128;
  // Row 0.
  a = limb(f, 0);
  let h0 = times<Half>(a, limb(g, 0));
  let h1 = times<Half>(a, limb(g, 1));
  let h2 = times<Half>(a, limb(g, 2));
  let h3 = times<Half>(a, limb(g, 3));
  let h4 = times<Half>(a, limb(g, 4));
  let h5 = times<Half>(a, limb(g, 5));
  let h6 = times<Half>(a, limb(g, 6));
  let h7 = times<Half>(a, limb(g, 7));
  let h8 = times<Half>(a, limb(g, 8));
  let h9 = times<Half>(a, limb(g, 9));
  // Row 1.
  a = limb(f, 1);
  h1 = plus(h1, times<Half>(a, limb(g, 0)));
  h3 = plus(h3, times<Half>(a, limb(g, 2)));
  h5 = plus(h5, times<Half>(a, limb(g, 4)));
  h7 = plus(h7, times<Half>(a, limb(g, 6)));
  h9 = plus(h9, times<Half>(a, limb(g, 8)));
  a = plus4(a, a);
  h2 = plus(h2, times<Half>(a, limb(g, 1)));
  h4 = plus(h4, times<Half>(a, limb(g, 3)));
  h6 = plus(h6, times<Half>(a, limb(g, 5)));
  h8 = plus(h8, times<Half>(a, limb(g, 7)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 9)));
  // Row 2.
  a = limb(f, 2);
  h2 = plus(h2, times<Half>(a, limb(g, 0)));
  h3 = plus(h3, times<Half>(a, limb(g, 1)));
  h4 = plus(h4, times<Half>(a, limb(g, 2)));
  h5 = plus(h5, times<Half>(a, limb(g, 3)));
  h6 = plus(h6, times<Half>(a, limb(g, 4)));
  h7 = plus(h7, times<Half>(a, limb(g, 5)));
  h8 = plus(h8, times<Half>(a, limb(g, 6)));
  h9 = plus(h9, times<Half>(a, limb(g, 7)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 8)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 9)));
  // Row 3.
  a = limb(f, 3);
  h3 = plus(h3, times<Half>(a, limb(g, 0)));
  h5 = plus(h5, times<Half>(a, limb(g, 2)));
  h7 = plus(h7, times<Half>(a, limb(g, 4)));
  h9 = plus(h9, times<Half>(a, limb(g, 6)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h4 = plus(h4, times<Half>(a, limb(g, 1)));
  h6 = plus(h6, times<Half>(a, limb(g, 3)));
  h8 = plus(h8, times<Half>(a, limb(g, 5)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 7)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 9)));
  // Row 4.
  a = limb(f, 4);
  h4 = plus(h4, times<Half>(a, limb(g, 0)));
  h5 = plus(h5, times<Half>(a, limb(g, 1)));
  h6 = plus(h6, times<Half>(a, limb(g, 2)));
  h7 = plus(h7, times<Half>(a, limb(g, 3)));
  h8 = plus(h8, times<Half>(a, limb(g, 4)));
  h9 = plus(h9, times<Half>(a, limb(g, 5)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 6)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 7)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 8)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 9)));
  // Row 5.
  a = limb(f, 5);
  h5 = plus(h5, times<Half>(a, limb(g, 0)));
  h7 = plus(h7, times<Half>(a, limb(g, 2)));
  h9 = plus(h9, times<Half>(a, limb(g, 4)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 6)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h6 = plus(h6, times<Half>(a, limb(g, 1)));
  h8 = plus(h8, times<Half>(a, limb(g, 3)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 5)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 7)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 9)));
  // Row 6.
  a = limb(f, 6);
  h6 = plus(h6, times<Half>(a, limb(g, 0)));
  h7 = plus(h7, times<Half>(a, limb(g, 1)));
  h8 = plus(h8, times<Half>(a, limb(g, 2)));
  h9 = plus(h9, times<Half>(a, limb(g, 3)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 4)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 5)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 6)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 7)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 8)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 9)));
  // Row 7.
  a = limb(f, 7);
  h7 = plus(h7, times<Half>(a, limb(g, 0)));
  h9 = plus(h9, times<Half>(a, limb(g, 2)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 4)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 6)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h8 = plus(h8, times<Half>(a, limb(g, 1)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 3)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 5)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 7)));
  h6 = plus(h6, times<Half>(a, limb(NINETEEN, 9)));
  // Row 8.
  a = limb(f, 8);
  h8 = plus(h8, times<Half>(a, limb(g, 0)));
  h9 = plus(h9, times<Half>(a, limb(g, 1)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 2)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 3)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 4)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 5)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 6)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 7)));
  h6 = plus(h6, times<Half>(a, limb(NINETEEN, 8)));
  h7 = plus(h7, times<Half>(a, limb(NINETEEN, 9)));
  // Row 9.
  a = limb(f, 9);
  h9 = plus(h9, times<Half>(a, limb(g, 0)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 2)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 4)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 6)));
  h7 = plus(h7, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 1)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 3)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 5)));
  h6 = plus(h6, times<Half>(a, limb(NINETEEN, 7)));
  h8 = plus(h8, times<Half>(a, limb(NINETEEN, 9)));

  settle<Half>(out, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
}
