import { LENGTH_AT } from "./layout";

/**
 * A checksum of an image against faults of disks and programs, from its length field on, 32 bytes a step in two lanes
 * of two words. It is no seal against people.
 */
export function checksum(image: usize): u64 {
  const end = image + load<u32>(image + LENGTH_AT);
  const odd = i64x2.splat(0x5851f42d4c957f2d);
  let first = i64x2.splat(1);
  let second = i64x2.splat(2);
  let at = image + LENGTH_AT;
  for (; at + 32 <= end; at += 32) {
    first = i64x2.mul(v128.xor(first, v128.load(at)), odd);
    first = v128.xor(first, i64x2.shr_u(first, 31));
    second = i64x2.mul(v128.xor(second, v128.load(at, 16)), odd);
    second = v128.xor(second, i64x2.shr_u(second, 31));
  }
  for (; at + 16 <= end; at += 16) first = i64x2.mul(v128.xor(first, v128.load(at)), odd);
  const both = v128.xor(first, i64x2.mul(second, odd));
  return i64x2.extract_lane(both, 0) ^ (i64x2.extract_lane(both, 1) * 0x5851f42d4c957f2d);
}
