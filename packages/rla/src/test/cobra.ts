import { assert } from "@detente/basics";
import type { Comparison } from "../comparison/comparison.ts";
import type { Bet } from "./martingale.ts";

/** How often, as shares of cards, a record overstates (o) or understates (u) the margin by one or two votes. */
export interface ErrorRates {
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
}

/** The largest bet stays this share below 1/μ, so that one card never ends a test for good. */
const MOST = 1 - 2 ** -20;

/**
 * The bet that makes ln T grow fastest if records are wrong at the given rates (Spertus, "COBRA: Comparison-Optimal
 * Betting for Risk-limiting Audits", 2023, arXiv:2304.01010): λ maximises Σ p_k ln(1 + λ(a_k − μ)), where a_k are
 * the values of B without error and with each kind of it. For assorters with u = 1 whose values are 0, ½ and 1.
 */
export function optimalBet({ flawless }: Comparison, rates: ErrorRates): Bet {
  const model = growth(flawless);
  model.weigh(rates);
  return { lambda: ({ mean }) => model.best(mean) };
}

export interface AdaptiveRates {
  /** What is expected before the draw; each rate above 0. */
  readonly expected: ErrorRates;
  /** How many draws that expectation weighs. */
  readonly weight: number;
}

/**
 * The same with rates that follow the sample (Spertus 2023): each is
 * (d·expected + seen)/(d + j − 1).
 */
export function adaptiveBet({ flawless }: Comparison, { expected, weight }: AdaptiveRates): Bet {
  assert(weight > 0, "the weight of the expectation is positive");
  const model = growth(flawless);
  const kinds = Object.keys(OF_FLAWLESS) as (keyof ErrorRates)[];
  const seen = { o1: 0, o2: 0, u1: 0, u2: 0 };
  let draws = 0;
  return {
    lambda: ({ mean }) => {
      const rateOf = (kind: keyof ErrorRates): number => (weight * expected[kind] + seen[kind]) / (weight + draws);
      model.weigh({ o1: rateOf("o1"), o2: rateOf("o2"), u1: rateOf("u1"), u2: rateOf("u2") });
      return model.best(mean);
    },
    see: (value) => {
      draws++;
      const kind = kinds.find((each) => Math.abs(value - OF_FLAWLESS[each] * flawless) < 1e-9);
      if (kind !== undefined) seen[kind]++;
    },
  };
}

/** B of a card with an error, as a multiple of B without one. */
const OF_FLAWLESS: Readonly<Record<keyof ErrorRates, number>> = { o1: 1 / 2, o2: 0, u1: 3 / 2, u2: 2 };

/** The expected growth of ln T as a function of the bet, which is concave. */
function growth(flawless: number): { weigh: (rates: ErrorRates) => void; best: (mean: number) => number } {
  const values = [1, OF_FLAWLESS.o1, OF_FLAWLESS.o2, OF_FLAWLESS.u1, OF_FLAWLESS.u2].map((a) => a * flawless);
  const shares = [1, 0, 0, 0, 0];
  let last = 0;
  return {
    weigh: ({ o1, o2, u1, u2 }) => {
      shares.splice(0, 5, 1 - o1 - o2 - u1 - u2, o1, o2, u1, u2);
      assert(
        shares.every((share) => share >= 0),
        "rates of errors are shares of cards",
      );
    },
    best: (mean) => (last = maximiser(values, shares, mean, last)),
  };
}

/** Newton's method from the last answer, kept between bounds that close in. Ten steps are more than enough. */
function maximiser(values: readonly number[], shares: readonly number[], mean: number, start: number): number {
  let low = 0;
  let high = MOST / mean;
  let lambda = Math.min(start, high);
  for (let step = 0; step < 60; step++) {
    let slope = 0;
    let bend = 0;
    for (let k = 0; k < values.length; k++) {
      const gain = (values[k] as number) - mean;
      const rate = gain / (1 + lambda * gain);
      slope += (shares[k] as number) * rate;
      bend += (shares[k] as number) * rate * rate;
    }
    if (slope > 0) low = lambda;
    else high = lambda;
    const next = lambda + slope / bend;
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - lambda) <= 1e-9 * high) return inside;
    lambda = inside;
  }
  return lambda;
}
