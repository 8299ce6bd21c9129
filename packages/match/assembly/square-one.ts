import { Fe, LIMB } from "./limbs";

/**
 * out = f^(2^count) of the first lane, in all lanes: as `square`, but with numbers of 64 bits instead of vectors, which takes
 * half the time where the other lanes stand for nothing. Limbs below 3.3 units; `out` may be f.
 */
export function squareOneTimes(out: Fe, f: Fe, count: i32): void {
  let f0: u64 = load<u32>(f);
  let f1: u64 = load<u32>(f + LIMB);
  let f2: u64 = load<u32>(f + 2 * LIMB);
  let f3: u64 = load<u32>(f + 3 * LIMB);
  let f4: u64 = load<u32>(f + 4 * LIMB);
  let f5: u64 = load<u32>(f + 5 * LIMB);
  let f6: u64 = load<u32>(f + 6 * LIMB);
  let f7: u64 = load<u32>(f + 7 * LIMB);
  let f8: u64 = load<u32>(f + 8 * LIMB);
  let f9: u64 = load<u32>(f + 9 * LIMB);
  for (let i = 0; i < count; i++) {
    const d0 = f0 + f0;
    const d1 = f1 + f1;
    const d2 = f2 + f2;
    const d3 = f3 + f3;
    const d5 = f5 + f5;
    const d7 = f7 + f7;
    const g5 = 19 * f5;
    const g6 = 19 * f6;
    const g7 = 19 * f7;
    const g8 = 19 * f8;
    const g9 = 19 * f9;
    const e9 = g9 + g9;
    let h0 = f0 * f0 + 2 * d1 * g9 + d2 * g8 + 2 * d3 * g7 + 2 * f4 * g6 + d5 * g5;
    let h1 = d0 * f1 + d2 * g9 + d3 * g8 + 2 * f4 * g7 + d5 * g6;
    let h2 = d0 * f2 + d1 * f1 + d3 * e9 + 2 * f4 * g8 + 2 * d5 * g7 + f6 * g6;
    let h3 = d0 * f3 + d1 * f2 + 2 * f4 * g9 + d5 * g8 + 2 * f6 * g7;
    let h4 = d0 * f4 + 2 * d1 * f3 + f2 * f2 + d5 * e9 + 2 * f6 * g8 + d7 * g7;
    let h5 = d0 * f5 + d1 * f4 + d2 * f3 + 2 * f6 * g9 + d7 * g8;
    let h6 = d0 * f6 + 2 * d1 * f5 + d2 * f4 + d3 * f3 + d7 * e9 + f8 * g8;
    let h7 = d0 * f7 + d1 * f6 + d2 * f5 + d3 * f4 + 2 * f8 * g9;
    let h8 = d0 * f8 + 2 * d1 * f7 + d2 * f6 + 2 * d3 * f5 + f4 * f4 + f9 * e9;
    let h9 = d0 * f9 + d1 * f8 + d2 * f7 + d3 * f6 + 2 * f4 * f5;
    // The two chains of `carrySums`, one after the other.
    h1 += h0 >> 26;
    f0 = h0 & 0x3ffffff;
    h5 += h4 >> 26;
    f4 = h4 & 0x3ffffff;
    h2 += h1 >> 25;
    f1 = h1 & 0x1ffffff;
    h6 += h5 >> 25;
    f5 = h5 & 0x1ffffff;
    h3 += h2 >> 26;
    f2 = h2 & 0x3ffffff;
    h7 += h6 >> 26;
    f6 = h6 & 0x3ffffff;
    f4 += h3 >> 25;
    f3 = h3 & 0x1ffffff;
    h8 += h7 >> 25;
    f7 = h7 & 0x1ffffff;
    f5 += f4 >> 26;
    f4 &= 0x3ffffff;
    h9 += h8 >> 26;
    f8 = h8 & 0x3ffffff;
    f0 += 19 * (h9 >> 25);
    f9 = h9 & 0x1ffffff;
    f1 += f0 >> 26;
    f0 &= 0x3ffffff;
  }
  v128.store(out, i32x4.splat(<i32>f0));
  v128.store(out + LIMB, i32x4.splat(<i32>f1));
  v128.store(out + 2 * LIMB, i32x4.splat(<i32>f2));
  v128.store(out + 3 * LIMB, i32x4.splat(<i32>f3));
  v128.store(out + 4 * LIMB, i32x4.splat(<i32>f4));
  v128.store(out + 5 * LIMB, i32x4.splat(<i32>f5));
  v128.store(out + 6 * LIMB, i32x4.splat(<i32>f6));
  v128.store(out + 7 * LIMB, i32x4.splat(<i32>f7));
  v128.store(out + 8 * LIMB, i32x4.splat(<i32>f8));
  v128.store(out + 9 * LIMB, i32x4.splat(<i32>f9));
}
