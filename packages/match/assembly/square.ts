import { plus4 } from "./lanes";
import { Fe, FE_BYTES, limb, LIMB } from "./limbs";
import { Lower, NINETEEN, plus, settle, times, Upper } from "./sums";

/** out = f², as `multiply`, but products that are equal are computed once. Limbs below 3.3 units; `out` may be f. */
export function square(out: Fe, f: Fe): void {
  const nineteen = i32x4.splat(19);
  // Products whose limbs sum up to less than ten need no factor; the others have a right limb above the fourth.
  for (let at: usize = 5 * LIMB; at < FE_BYTES; at += LIMB) {
    v128.store(NINETEEN + at, i32x4.mul(v128.load(f + at), nineteen));
  }
  half<Lower>(out, f);
  half<Upper>(out, f);
}

/** out = f^(2^count). */
export function squareTimes(out: Fe, f: Fe, count: i32): void {
  square(out, f);
  for (let i = 1; i < count; i++) square(out, out);
}

function half<Half>(out: Fe, f: Fe): void {
  let a: v128;
  // Row 0.
  a = limb(f, 0);
  let h0 = times<Half>(a, limb(f, 0));
  a = plus4(a, a);
  let h1 = times<Half>(a, limb(f, 1));
  let h2 = times<Half>(a, limb(f, 2));
  let h3 = times<Half>(a, limb(f, 3));
  let h4 = times<Half>(a, limb(f, 4));
  let h5 = times<Half>(a, limb(f, 5));
  let h6 = times<Half>(a, limb(f, 6));
  let h7 = times<Half>(a, limb(f, 7));
  let h8 = times<Half>(a, limb(f, 8));
  let h9 = times<Half>(a, limb(f, 9));
  // Row 1.
  a = limb(f, 1);
  a = plus4(a, a);
  h2 = plus(h2, times<Half>(a, limb(f, 1)));
  h3 = plus(h3, times<Half>(a, limb(f, 2)));
  h5 = plus(h5, times<Half>(a, limb(f, 4)));
  h7 = plus(h7, times<Half>(a, limb(f, 6)));
  h9 = plus(h9, times<Half>(a, limb(f, 8)));
  a = plus4(a, a);
  h4 = plus(h4, times<Half>(a, limb(f, 3)));
  h6 = plus(h6, times<Half>(a, limb(f, 5)));
  h8 = plus(h8, times<Half>(a, limb(f, 7)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 9)));
  // Row 2.
  a = limb(f, 2);
  h4 = plus(h4, times<Half>(a, limb(f, 2)));
  a = plus4(a, a);
  h5 = plus(h5, times<Half>(a, limb(f, 3)));
  h6 = plus(h6, times<Half>(a, limb(f, 4)));
  h7 = plus(h7, times<Half>(a, limb(f, 5)));
  h8 = plus(h8, times<Half>(a, limb(f, 6)));
  h9 = plus(h9, times<Half>(a, limb(f, 7)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 8)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 9)));
  // Row 3.
  a = limb(f, 3);
  a = plus4(a, a);
  h6 = plus(h6, times<Half>(a, limb(f, 3)));
  h7 = plus(h7, times<Half>(a, limb(f, 4)));
  h9 = plus(h9, times<Half>(a, limb(f, 6)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h8 = plus(h8, times<Half>(a, limb(f, 5)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 7)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 9)));
  // Row 4.
  a = limb(f, 4);
  h8 = plus(h8, times<Half>(a, limb(f, 4)));
  a = plus4(a, a);
  h9 = plus(h9, times<Half>(a, limb(f, 5)));
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 6)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 7)));
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 8)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 9)));
  // Row 5.
  a = limb(f, 5);
  a = plus4(a, a);
  h0 = plus(h0, times<Half>(a, limb(NINETEEN, 5)));
  h1 = plus(h1, times<Half>(a, limb(NINETEEN, 6)));
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 7)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 9)));
  // Row 6.
  a = limb(f, 6);
  h2 = plus(h2, times<Half>(a, limb(NINETEEN, 6)));
  a = plus4(a, a);
  h3 = plus(h3, times<Half>(a, limb(NINETEEN, 7)));
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 8)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 9)));
  // Row 7.
  a = limb(f, 7);
  a = plus4(a, a);
  h4 = plus(h4, times<Half>(a, limb(NINETEEN, 7)));
  h5 = plus(h5, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h6 = plus(h6, times<Half>(a, limb(NINETEEN, 9)));
  // Row 8.
  a = limb(f, 8);
  h6 = plus(h6, times<Half>(a, limb(NINETEEN, 8)));
  a = plus4(a, a);
  h7 = plus(h7, times<Half>(a, limb(NINETEEN, 9)));
  // Row 9.
  a = limb(f, 9);
  a = plus4(a, a);
  h8 = plus(h8, times<Half>(a, limb(NINETEEN, 9)));
  settle<Half>(out, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
}
