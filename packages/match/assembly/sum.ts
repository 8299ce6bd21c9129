import { group, OUTPUT, SCALARS } from "./batch";
import { addAffine, addCached, cache, Cached, double, negateCachedIf, Point, POINT_BYTES, setIdentity } from "./point";
import { encode } from "./ristretto";

/** Multiples 1 to 128 of the windows at hand; number 0 takes what belongs to no bucket. One window a lane. */
const buckets: Point = memory.data(82560, 16);
const running: Point = memory.data(640, 16);
const windows: Point = memory.data(640, 16);
const addend: Cached = memory.data(640, 16);
const bucket: Point = memory.data(640, 16);
/** The sum so far, in all lanes. */
const total: Point = memory.data(640, 16);

export function clearSum(): void {
  setIdentity(total);
}

/**
 * Adds Σ scalar_i · point_i over the points, which were just decoded (Z = 1) and are used up. Time and addresses depend
 * on the scalars: for public ones only. For up to two terms `sumOfSplit` costs less.
 * @param count the scalars, one for each point, 32 bytes apart, below 2^253
 */
export function addToSum(count: i32): void {
  addByBuckets(count, count < 48 ? 4 : count < 160 ? 5 : count < 512 ? 6 : 8);
}

export function encodeSum(): void {
  encode(OUTPUT, 32, total, true);
}

/**
 * Pippenger's method ("On the evaluation of powers and related problems", 1976; the buckets as in Bernstein et al.,
 * "Faster batch forgery identification", 2012, §4), four windows at a time: each lane has its own stretch of the
 * scalars' bits, from its highest window down, and in each lane the same point goes into the bucket of its digit.
 * @param width bits of a window; digits are signed, so there are 2^(width − 1) buckets
 */
function addByBuckets(count: i32, width: i32): void {
  const rounds = (256 + 4 * width - 1) / (4 * width);
  const most = 1 << (width - 1);
  for (let i = 0; i < count; i += 4) {
    cache(addend, group(i));
    memory.copy(group(i), addend, POINT_BYTES);
  }
  setIdentity(windows);
  for (let round = rounds - 1; round >= 0; round--) {
    for (let i = 0; i < width; i++) double(windows, windows, i === width - 1);
    for (let i = 0; i <= most; i++) setIdentity(buckets + POINT_BYTES * i);
    for (let i = 0; i < count; i++) {
      const scalar = SCALARS + 32 * i;
      let digits = i32x4.splat(0);
      digits = i32x4.replace_lane(digits, 0, digit(scalar, round * width, width));
      digits = i32x4.replace_lane(digits, 1, digit(scalar, (rounds + round) * width, width));
      digits = i32x4.replace_lane(digits, 2, digit(scalar, (2 * rounds + round) * width, width));
      digits = i32x4.replace_lane(digits, 3, digit(scalar, (3 * rounds + round) * width, width));
      broadcast(addend, group(i), i & 3);
      addToBuckets(digits);
    }
    addBuckets(most);
  }
  // The lanes' stretches, the highest lane's first: each is worth 2^(rounds · width) times the one below.
  setIdentity(running);
  for (let lane = 3; lane >= 0; lane--) {
    if (lane < 3) for (let i = 0; i < rounds * width; i++) double(running, running, i === rounds * width - 1);
    broadcast(bucket, windows, lane);
    cache(addend, bucket);
    addCached(running, running, addend, true);
  }
  broadcast(bucket, running, 0);
  cache(addend, bucket);
  addCached(total, total, addend, true);
}

/** Adds the point in `addend`, with each lane's sign, to each lane's bucket. */
function addToBuckets(digits: v128): void {
  const sizes = i32x4.abs(digits);
  negateCachedIf(addend, i32x4.lt_s(digits, i32x4.splat(0)));
  const b0 = buckets + POINT_BYTES * i32x4.extract_lane(sizes, 0);
  const b1 = buckets + POINT_BYTES * i32x4.extract_lane(sizes, 1) + 4;
  const b2 = buckets + POINT_BYTES * i32x4.extract_lane(sizes, 2) + 8;
  const b3 = buckets + POINT_BYTES * i32x4.extract_lane(sizes, 3) + 12;
  for (let at: usize = 0; at < POINT_BYTES; at += 16) {
    let limbs = v128.load_zero<u32>(b0 + at);
    limbs = v128.load_lane<u32>(b1 + at, limbs, 1);
    limbs = v128.load_lane<u32>(b2 + at, limbs, 2);
    v128.store(bucket + at, v128.load_lane<u32>(b3 + at, limbs, 3));
  }
  addAffine(bucket, bucket, addend);
  for (let at: usize = 0; at < POINT_BYTES; at += 16) {
    const limbs = v128.load(bucket + at);
    v128.store_lane<u32>(b0 + at, limbs, 0);
    v128.store_lane<u32>(b1 + at, limbs, 1);
    v128.store_lane<u32>(b2 + at, limbs, 2);
    v128.store_lane<u32>(b3 + at, limbs, 3);
  }
}

/** windows += Σ j · bucket_j, by sums of sums from the highest bucket down. */
function addBuckets(most: i32): void {
  setIdentity(running);
  for (let j = most; j > 0; j--) {
    cache(addend, buckets + POINT_BYTES * j);
    addCached(running, running, addend, true);
    cache(addend, running);
    addCached(windows, windows, addend, true);
  }
}

function broadcast(out: Point, from: Point, lane: usize): void {
  for (let at: usize = 0; at < POINT_BYTES; at += 16) v128.store(out + at, v128.load32_splat(from + at + 4 * lane));
}

/**
 * The signed digit of `width` bits from bit `low` on, from −2^(width − 1) to 2^(width − 1): the window as it stands, one
 * more where the bit below it is set, 2^width less where its own top bit is (Booth's recoding).
 */
function digit(scalar: usize, low: i32, width: i32): i32 {
  const window = bits(scalar, low, width);
  const below = low === 0 ? 0 : bits(scalar, low - 1, 1);
  return window + below - ((window >> (width - 1)) << width);
}

/** Up to eight bits of 32 bytes, zeros above them. */
function bits(scalar: usize, low: i32, count: i32): i32 {
  const byte = low >> 3;
  let word: i32 = 0;
  if (byte < 32) word = load<u8>(scalar + byte);
  if (byte < 31) word |= (<i32>load<u8>(scalar + byte + 1)) << 8;
  return (word >> (low & 7)) & ((1 << count) - 1);
}
