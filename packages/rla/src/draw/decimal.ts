import { assert } from "@detente/basics";

/** A decimal number, `coefficient` · 10^`exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const DIGITS = 28;

/**
 * Arithmetic on decimal numbers as Python's `decimal` does it where nobody sets it otherwise: 28 significant digits,
 * halves to even (General Decimal Arithmetic Specification 1.70). Arlo weighs batches with it, and the last digits of a
 * weight can decide which batch is drawn.
 */
export const decimal = {
  of: (whole: number): Decimal => {
    assert(Number.isSafeInteger(whole), `${whole} is no whole number`);
    return { coefficient: BigInt(whole), exponent: 0 };
  },

  add: (a: Decimal, b: Decimal): Decimal => {
    const exponent = Math.min(a.exponent, b.exponent);
    return rounded(scaled(a, exponent) + scaled(b, exponent), exponent);
  },

  subtract: (a: Decimal, b: Decimal): Decimal => decimal.add(a, { ...b, coefficient: -b.coefficient }),

  multiply: (a: Decimal, b: Decimal): Decimal => rounded(a.coefficient * b.coefficient, a.exponent + b.exponent),

  /** `b` is not 0. */
  divide: (a: Decimal, b: Decimal): Decimal => {
    assert(b.coefficient !== 0n, "nothing is divided by 0");
    // Two digits more than are kept, and an odd one behind them where the quotient is not exact: no half is mistaken.
    const shift = Math.max(0, DIGITS + 2 - digitsOf(a.coefficient) + digitsOf(b.coefficient));
    const numerator = a.coefficient * 10n ** BigInt(shift);
    const quotient = numerator / b.coefficient;
    const isExact = quotient * b.coefficient === numerator;
    const sign = numerator < 0n !== b.coefficient < 0n ? -1n : 1n;
    return rounded(quotient * 10n + (isExact ? 0n : sign), a.exponent - b.exponent - shift - 1);
  },

  /** Below 0 if a is the smaller one, above if b is. */
  compare: (a: Decimal, b: Decimal): number => {
    const exponent = Math.min(a.exponent, b.exponent);
    const [left, right] = [scaled(a, exponent), scaled(b, exponent)];
    return left < right ? -1 : left > right ? 1 : 0;
  },

  /** The nearest double, halves to even. */
  toNumber: ({ coefficient, exponent }: Decimal): number => Number(`${coefficient}e${exponent}`),
};

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

function digitsOf(coefficient: bigint): number {
  return (coefficient < 0n ? -coefficient : coefficient).toString().length;
}

function rounded(coefficient: bigint, exponent: number): Decimal {
  const surplus = digitsOf(coefficient) - DIGITS;
  if (surplus <= 0) return { coefficient, exponent };
  const unit = 10n ** BigInt(surplus);
  const size = coefficient < 0n ? -coefficient : coefficient;
  let kept = size / unit;
  const twice = 2n * (size - kept * unit);
  if (twice > unit || (twice === unit && kept % 2n === 1n)) kept++;
  // 999…9 rounded up has a digit more, and it is a zero.
  return rounded(coefficient < 0n ? -kept : kept, exponent + surplus);
}
