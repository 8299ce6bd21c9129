import { fromWords } from "./encoding";
import { subtract } from "./field";
import { Fe } from "./limbs";

/** Puts a constant, in words of 32 bits with the lowest first, into all four lanes. */
function spread(out: Fe, words: usize): Fe {
  fromWords(out, words, 0);
  return out;
}

export const ZERO: Fe = memory.data(160, 16);
export const ONE: Fe = spread(memory.data(160, 16), memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0]));

/** Twice the prime, by limbs that are twice its own: added before what is tight is taken away (`subtract`). */
export const TWICE_P: Fe = twicePrime(memory.data(160, 16));

function twicePrime(out: Fe): Fe {
  subtract(out, ZERO, ZERO);
  return out;
}

/** RFC 9496 §4.1, also for those below: d of the curve −x² + y² = 1 + d·x²y² (RFC 8032 §5.1). */
export const D: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee]),
);

/** 2d, for the addition of points. */
export const TWICE_D: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a, 0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc]),
);

/** A square root of −1. */
export const SQRT_M1: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480]),
);

/** √(a·d − 1), a = −1. */
export const SQRT_AD_MINUS_ONE: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x497b2e1b, 0x7e97f6a0, 0x1b7854bd, 0xaf9d8e0c, 0x31f5d1fd, 0x0f3cfcc9, 0x2b8348ac, 0x376931bf]),
);

/** 1/√(a − d). */
export const INVSQRT_A_MINUS_D: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x805d40ea, 0x99c8fdaa, 0x5a4172be, 0x9d2f1617, 0xfe01d840, 0x16c27b91, 0xcfaffca2, 0x786c8905]),
);

/** 1 − d². */
export const ONE_MINUS_D_SQ: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x945fc176, 0xe27c09c1, 0xcd5e350f, 0x2c81a138, 0xbe70dfe4, 0x9994abdd, 0xb2b3e0d7, 0x029072a8]),
);

/** (d − 1)². */
export const D_MINUS_ONE_SQ: Fe = spread(
  memory.data(160, 16),
  memory.data<u32>([0x44ed4d20, 0x31ad5aaa, 0xb01e1999, 0xd29e4a2c, 0x529b4eeb, 0x4cdcd32f, 0xf66c2241, 0x5968b37a]),
);
