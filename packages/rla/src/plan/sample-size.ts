import { assert, type Bytes } from "@detente/basics";
import type { ErrorRates } from "../test/cobra.ts";
import type { Comparison } from "../comparison/comparison.ts";
import { type Bet, Martingale } from "../test/martingale.ts";
import { HashRandom } from "./hash-random.ts";

/** Cards that one expects to draw from: so many have a value. */
export interface ExpectedValue {
  readonly value: number;
  readonly cards: number;
}

export interface SamplePlan {
  readonly expected: readonly ExpectedValue[];
  /** The largest value that a card can have. */
  readonly bound: number;
  readonly withReplacement: boolean;
  /** A new bet for each run. */
  readonly bet: () => Bet;
  /** The risk limit α. */
  readonly limit: number;
}

/**
 * What a comparison of `cards` cards is expected to find if records are wrong at the given rates. Errors are rounded up,
 * the largest overstatements first, as far as there are cards.
 */
export function expectedValues({ value }: Comparison, rates: ErrorRates, cards: number): ExpectedValue[] {
  let right = cards;
  const errors = (
    [
      [2, rates.o2],
      [1, rates.o1],
      [-1, rates.u1],
      [-2, rates.u2],
    ] as const
  ).map(([over, rate]) => {
    const wrong = Math.min(right, Math.ceil(rate * cards));
    right -= wrong;
    return { value: value(over), cards: wrong };
  });
  return [{ value: value(0), cards: right }, ...errors];
}

/**
 * How many cards must be drawn for a risk of at most the limit if all of them have one value, the commonest of those
 * expected: exact, no simulation. All cards where the test never gets there.
 */
export function flawlessSize(plan: SamplePlan): number {
  const { expected } = plan;
  const cards = cardsOf(expected);
  const common = expected.reduce((most, each) => (each.cards > most.cards ? each : most));
  return drawsUntil(plan, cards, () => common.value);
}

/**
 * How many cards each of `runs` simulated audits draws until its risk is at most the limit, ascending; one that never
 * gets there counts all cards. `seed` makes it repeatable.
 */
export function simulatedSizes(plan: SamplePlan, seed: Bytes, runs: number): Uint32Array {
  const random = new HashRandom(seed);
  const { expected, withReplacement } = plan;
  const cards = cardsOf(expected);
  return Uint32Array.from({ length: runs }, () => {
    const left = expected.map((each) => each.cards);
    let total = cards;
    return drawsUntil(plan, cards, () => {
      let number = random.below(total);
      let at = 0;
      while (number >= (left[at] as number)) number -= left[at++] as number;
      if (!withReplacement) {
        left[at] = (left[at] as number) - 1;
        total--;
      }
      return (expected[at] as ExpectedValue).value;
    });
  }).sort();
}

/** The smallest size that at least `share` of the simulated audits do not exceed (the nearest rank). */
export function sizeQuantile(sizes: Uint32Array, share: number): number {
  assert(sizes.length > 0 && share > 0 && share <= 1, "a share of simulated audits");
  return sizes[Math.ceil(share * sizes.length) - 1] as number;
}

function drawsUntil({ bound, withReplacement, bet, limit }: SamplePlan, cards: number, draw: () => number): number {
  const martingale = new Martingale({ cards: withReplacement ? undefined : cards, bound, mean: 1 / 2 }, bet());
  while (martingale.draws < cards) {
    martingale.add(draw());
    if (martingale.risk <= limit) return martingale.draws;
  }
  return cards;
}

function cardsOf(expected: readonly ExpectedValue[]): number {
  return expected.reduce((sum, { cards }) => sum + cards, 0);
}
