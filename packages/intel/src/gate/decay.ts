import type { IndicatorKind } from "@detente/record";

/** How reliable a source has proved, by the unit's conduct: A (nearly always right) to E, F not known, G a deceiver. */
export type Reliability = "A" | "B" | "C" | "D" | "E" | "F" | "G";

const DAY = 86_400_000;

/** After how many days an indicator says nothing any more: addresses change hands fast, files never change. */
const LIFETIME_DAYS: Readonly<Record<IndicatorKind, number>> = {
  ipv4: 30,
  ipv6: 30,
  cidr4: 60,
  cidr6: 60,
  url: 60,
  domain: 120,
  email: 120,
  ja3: 365,
  ja4: 365,
  md5: 730,
  sha1: 730,
  sha256: 730,
};

/** Percent of the lifetime, by source. */
const PERCENT: Readonly<Record<Reliability, number>> = { A: 150, B: 125, C: 100, D: 75, E: 50, F: 75, G: 0 };

/** For an indicator whose source gives no confidence. */
const NO_CONFIDENCE = 50;

/** Milliseconds until an indicator has decayed. */
export function lifetime(kind: IndicatorKind, reliability: Reliability): number {
  return Math.floor((LIFETIME_DAYS[kind] * DAY * PERCENT[reliability]) / 100);
}

/**
 * The confidence, 0 to 100, that is left after a time: falling in a straight line to 0 at the end of the lifetime.
 * Integers throughout, so that all stations get the same.
 * @param age milliseconds since it was last seen
 */
export function remainingConfidence(confidence: number | undefined, age: number, lifespan: number): number {
  const left = lifespan - Math.max(0, age);
  return left <= 0
    ? 0
    : Math.floor(((confidence ?? NO_CONFIDENCE) * Math.floor(left / 1000)) / Math.floor(lifespan / 1000));
}
