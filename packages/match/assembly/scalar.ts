/**
 * Scalars modulo L = 2^252 + 27742317777372353535851937790883648493 (RFC 9496 §4.4), eight words of 32 bits, the lowest
 * first. Montgomery's method ("Modular multiplication without trial division", 1985) with R = 2^256: no branches and no
 * addresses depend on values.
 */
export type Scalar = usize;

const L: Scalar = memory.data<u32>([
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000,
]);
/** R² mod L. */
const R2: Scalar = memory.data<u32>([
  0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7, 0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b,
]);
const ONE: Scalar = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0]);
/** −1/L mod 2^32. */
const INVERSE: u64 = 0x12547e1b;

/** Nine words: below 2^288. */
const sum: usize = memory.data(36, 16);
const reduced: Scalar = memory.data(32, 16);
const t0: Scalar = memory.data(32, 16);
const t1: Scalar = memory.data(32, 16);

/** out = a·b/R mod L, for b below L and any a. */
export function montgomery(out: Scalar, a: Scalar, b: Scalar): void {
  memory.fill(sum, 0, 36);
  for (let i: usize = 0; i < 32; i += 4) {
    addMultiple(<u64>load<u32>(a + i), b, 0);
    // What is added makes the lowest word zero, and all move down by one.
    addMultiple((<u64>load<u32>(sum) * INVERSE) & 0xffffffff, L, 4);
  }
  // Below 2L now.
  reduceOnce(out, sum);
}

/** sum = (sum + factor·s) / 2^(8·down), where the words that go are zero. */
function addMultiple(factor: u64, s: Scalar, down: usize): void {
  let above: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    above += <u64>load<u32>(sum + i) + factor * <u64>load<u32>(s + i);
    if (i >= down) store<u32>(sum + i - down, <u32>above);
    above >>= 32;
  }
  above += <u64>load<u32>(sum + 32);
  store<u32>(sum + 32, 0);
  store<u32>(sum + 32 - down, <u32>above);
}

/** out = s or s − L, whichever is from 0 to L − 1; s below 2L. */
function reduceOnce(out: Scalar, s: Scalar): void {
  const borrow = difference(reduced, s, L);
  select(out, borrow, s, reduced);
}

/** out = a − b mod 2^256. @returns all ones where a is less, else 0 */
function difference(out: Scalar, a: Scalar, b: Scalar): u32 {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    borrow += <i64>load<u32>(a + i) - <i64>load<u32>(b + i);
    store<u32>(out + i, <u32>borrow);
    borrow >>= 32;
  }
  return <u32>borrow;
}

function select(out: Scalar, mask: u32, ifSet: Scalar, ifClear: Scalar): void {
  for (let i: usize = 0; i < 32; i += 4) {
    store<u32>(out + i, (load<u32>(ifSet + i) & mask) | (load<u32>(ifClear + i) & ~mask));
  }
}

/** out = a + b mod L, both below L. */
function add(out: Scalar, a: Scalar, b: Scalar): void {
  let above: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    above += <u64>load<u32>(a + i) + <u64>load<u32>(b + i);
    store<u32>(out + i, <u32>above);
    above >>= 32;
  }
  reduceOnce(out, out);
}

/** out = 64 bytes, little-endian, mod L: low + R·high. */
export function reduceWide(out: Scalar, wide: usize): void {
  montgomery(t0, wide, R2); // low·R
  montgomery(t0, t0, ONE);
  montgomery(t1, wide + 32, R2);
  add(out, t0, t1);
}

/** out = minuend − a·b mod L; all below L. */
export function subtractProduct(out: Scalar, minuend: Scalar, a: Scalar, b: Scalar): void {
  montgomery(t0, a, R2);
  montgomery(t0, t0, b);
  difference(t1, L, t0); // From 1 to L.
  reduceOnce(t1, t1);
  add(out, minuend, t1);
}

/** s = s/2 mod L, s below L: what is odd becomes even by adding L. */
export function halve(s: Scalar): void {
  const odd: u32 = -(load<u32>(s) & 1);
  let above: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    above += <u64>load<u32>(s + i) + <u64>(load<u32>(L + i) & odd);
    store<u32>(s + i, <u32>above);
    above >>= 32;
  }
  for (let i: usize = 0; i < 28; i += 4) store<u32>(s + i, (load<u32>(s + i) >> 1) | (load<u32>(s + i + 4) << 31));
  store<u32>(s + 28, load<u32>(s + 28) >> 1);
}
