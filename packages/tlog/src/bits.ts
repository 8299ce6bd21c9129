/** Powers of two up to 2^53, made by doubling: exact by construction, where shifts would wrap at 2^31. */
const POWERS: readonly number[] = Array.from({ length: 54 }, (_, exponent) => {
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= 2;
  return power;
});

/** 2^exponent for an exponent of 0..53. */
export function powerOfTwo(exponent: number): number {
  return POWERS[exponent] as number;
}

/** The number of binary digits of a safe integer: 0 for 0, 1 for 1, 2 for 2 and 3. */
export function bitLength(n: number): number {
  const high = Math.floor(n / 0x1_0000_0000);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(n);
}

/** The largest power of two smaller than `n` (n ≥ 2): where RFC 6962 §2.1 splits a tree of `n` leaves. */
export function splitPoint(n: number): number {
  return powerOfTwo(bitLength(n - 1) - 1);
}

/** Whether `n` can count or number leaves: an integer of 0..2^53-1. */
export function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
