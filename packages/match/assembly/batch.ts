import { scale } from "./scale";
import { decode, encode, map } from "./ristretto";
import { addCached, cache, Cached, Point, POINT_BYTES } from "./point";

/** How many elements the kernel works on at a time, in groups of four. */
export const CAPACITY = 1024;

/** Where the host writes elements of 32 bytes or uniform strings of 64, scalars of 32, and reads elements of 32. */
export const INPUT: usize = memory.data(65536, 16);
export const SCALARS: usize = memory.data(32768, 16);
export const OUTPUT: usize = memory.data(32768, 16);

/** The points between two steps, in groups of four. */
export const points: Point = memory.data(163840, 16);
const second: Point = memory.data(640, 16);
const addend: Cached = memory.data(640, 16);

/** Decodes `count` elements. @returns the index of the first that is refused, or −1 */
export function decodeAll(count: i32): i32 {
  // Lanes that are left over repeat the last element: nothing is refused that nobody sent.
  for (let i = count; (i & 3) !== 0; i++) memory.copy(INPUT + 32 * i, INPUT + 32 * (count - 1), 32);
  for (let i = 0; i < count; i += 4) {
    const bad = i32x4.bitmask(decode(group(i), INPUT + 32 * i, 32, count === 1));
    if (bad !== 0) return i + ctz(bad);
  }
  return -1;
}

/** Maps `count` uniform strings of 64 bytes to points: the sum of the maps of their halves (RFC 9496 §4.3.4). They are secret and wiped. */
export function mapAll(count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const point = group(i);
    map(point, INPUT + 64 * i, 64, count === 1);
    map(second, INPUT + 64 * i + 32, 64, count === 1);
    cache(addend, second);
    addCached(point, point, addend, true);
  }
  memory.fill(INPUT, 0, 64 * <usize>count);
}

/** Multiplies the points by scalars `stride` bytes apart: 32, or 0 for one scalar to all. */
export function scaleAll(count: i32, stride: i32): void {
  for (let i = 0; i < count; i += 4) scale(group(i), SCALARS + stride * i, stride);
  memory.fill(SCALARS, 0, 32 * <usize>(stride === 0 ? 1 : (count + 3) & -4));
}

export function encodeAll(count: i32): void {
  for (let i = 0; i < count; i += 4) encode(OUTPUT + 32 * i, 32, group(i), count === 1);
}

export function group(i: i32): Point {
  return points + POINT_BYTES * (<usize>i >> 2);
}
