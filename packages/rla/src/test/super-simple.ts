import { assert } from "@detente/basics";

/** Discrepancies counted in a sample: votes by which records overstate (o) or understate (u) a margin. */
export interface Discrepancies {
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
}

export interface SuperSimple {
  /** μ: the smallest margin in votes over all contests audited together, divided by the number of cards. */
  readonly dilutedMargin: number;
  /** γ, the inflation of the error bounds; above 1. */
  readonly gamma: number;
}

/** γ of published audits: two understatements of one vote about make up for one overstatement of two. */
export const USUAL_GAMMA = 1.03905;

/**
 * The risk by the "super-simple simultaneous" Kaplan–Markov method (Stark 2010, "Super-simple simultaneous single-
 * ballot risk-limiting audits", EVT/WOTE '10), with which published audits can be recomputed; draws are with
 * replacement. With U = 2γ/μ it is (1 − 1/U)^n·(1 − 1/2γ)^−o1·(1 − 1/γ)^−o2·(1 + 1/2γ)^−u1·(1 + 1/γ)^−u2, at most 1.
 */
export function superSimpleRisk({ dilutedMargin, gamma }: SuperSimple, sample: number, found: Discrepancies): number {
  const { o1, o2, u1, u2 } = found;
  assert(dilutedMargin > 0 && gamma > 1 && sample >= o1 + o2 + u1 + u2, "discrepancies are cards of the sample");
  return Math.min(1, Math.exp(sample * Math.log1p(-dilutedMargin / (2 * gamma)) - logOfFound(gamma, found)));
}

/**
 * How many cards must be drawn in all for a risk of at most `limit`, if the discrepancies stay those: the usual bound
 * n = ⌈−2γ(ln α + o1·ln(1 − 1/2γ) + o2·ln(1 − 1/γ) + u1·ln(1 + 1/2γ) + u2·ln(1 + 1/γ))/μ⌉, and never fewer than the
 * cards with a discrepancy (Lindeman and Stark, "A gentle introduction to risk-limiting audits", 2012).
 */
export function superSimpleSize({ dilutedMargin, gamma }: SuperSimple, limit: number, found: Discrepancies): number {
  const { o1, o2, u1, u2 } = found;
  assert(limit > 0 && limit < 1, "a risk limit lies between 0 and 1");
  const size = Math.ceil((-2 * gamma * (Math.log(limit) + logOfFound(gamma, found))) / dilutedMargin);
  return Math.max(size, o1 + o2 + u1 + u2);
}

function logOfFound(gamma: number, { o1, o2, u1, u2 }: Discrepancies): number {
  return (
    o1 * Math.log1p(-1 / (2 * gamma)) +
    o2 * Math.log1p(-1 / gamma) +
    u1 * Math.log1p(1 / (2 * gamma)) +
    u2 * Math.log1p(1 / gamma)
  );
}
