import { LENGTH_AT } from "./layout";

/**
 * A checksum of an image against faults of disks and programs, from its length field on, 32 bytes a step in two lanes
 * of two words. It is no seal against people. It is taken as the bytes come, while they are still in a cache.
 */

const FACTOR: u64 = 0x5851f42d4c957f2d;

let at: usize = 0;
let first: v128 = i64x2.splat(0);
let second: v128 = i64x2.splat(0);

/** Begins the checksum of an image. */
export function beginChecksum(image: usize): void {
  at = image + LENGTH_AT;
  first = i64x2.splat(1);
  second = i64x2.splat(2);
}

/** Goes on up to an address, as far as there are whole steps. */
export function addToChecksum(end: usize): void {
  const odd = i64x2.splat(FACTOR);
  let one = first;
  let two = second;
  let from = at;
  for (; from + 32 <= end; from += 32) {
    one = i64x2.mul(v128.xor(one, v128.load(from)), odd);
    one = v128.xor(one, i64x2.shr_u(one, 31));
    two = i64x2.mul(v128.xor(two, v128.load(from, 16)), odd);
    two = v128.xor(two, i64x2.shr_u(two, 31));
  }
  at = from;
  first = one;
  second = two;
}

/** Ends the checksum at the end of the image. */
export function checksum(end: usize): u64 {
  addToChecksum(end);
  const odd = i64x2.splat(FACTOR);
  let one = first;
  for (; at + 16 <= end; at += 16) one = i64x2.mul(v128.xor(one, v128.load(at)), odd);
  const both = v128.xor(one, i64x2.mul(second, odd));
  return i64x2.extract_lane(both, 0) ^ (i64x2.extract_lane(both, 1) * FACTOR);
}
