/**
 * Four at a time. A vector of type `v128` holds four numbers of 32 bits, one for each of four elements that are worked
 * on together; a mask has all bits of a lane set or none.
 */
export const LANES = 4;

export function plus4(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

export function minus4(a: v128, b: v128): v128 {
  return i32x4.sub(a, b);
}

/** `ifSet` in the lanes whose mask is set, `ifClear` in the others; takes the same time whatever the mask. */
export function pick(mask: v128, ifSet: v128, ifClear: v128): v128 {
  return v128.bitselect(ifSet, ifClear, mask);
}

/** Four words of 32 bits, `stride` bytes apart. */
export function gather(from: usize, stride: usize): v128 {
  let words = v128.load_zero<u32>(from);
  words = v128.load_lane<u32>(from + stride, words, 1);
  words = v128.load_lane<u32>(from + 2 * stride, words, 2);
  return v128.load_lane<u32>(from + 3 * stride, words, 3);
}

export function scatter(to: usize, stride: usize, words: v128): void {
  v128.store_lane<u32>(to, words, 0);
  v128.store_lane<u32>(to + stride, words, 1);
  v128.store_lane<u32>(to + 2 * stride, words, 2);
  v128.store_lane<u32>(to + 3 * stride, words, 3);
}
