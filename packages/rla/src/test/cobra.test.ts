import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparison } from "../comparison/comparison.ts";
import { adaptiveBet, type ErrorRates, optimalBet } from "./cobra.ts";
import { Martingale } from "./martingale.ts";

const plurality = { scale: 2, bound: 2, units: () => 1 };
const rate = fc.double({ min: 1e-6, max: 0.05, noNaN: true });
const rates = fc.record({ o1: rate, o2: rate, u1: rate, u2: rate });
const margin = fc.integer({ min: 1, max: 100 });

/** v = margin/100. */
const withMargin = (percent: number): ReturnType<typeof comparison> =>
  comparison(plurality, { units: 1000 + 10 * percent, cards: 1000 });

function growthAt(lambda: number, flawless: number, { o1, o2, u1, u2 }: ErrorRates): number {
  const shares = [1 - o1 - o2 - u1 - u2, o1, o2, u1, u2];
  const values = [1, 0.5, 0, 1.5, 2].map((a) => a * flawless);
  return shares.reduce((sum, share, k) => sum + share * Math.log(1 + lambda * (values[k]! - 0.5)), 0);
}

describe("COBRA's bet", () => {
  it("makes the expected logarithm grow faster than any other bet", () => {
    fc.assert(
      fc.property(margin, rates, fc.double({ min: 0, max: 1.9999, noNaN: true }), (percent, expected, other) => {
        const { flawless, ...rest } = unwrap(withMargin(percent));
        const bet = optimalBet({ flawless, ...rest }, expected);
        const lambda = bet.lambda({ draws: 0, sum: 0, mean: 0.5, bound: 2 * flawless, cards: undefined });
        expect(lambda).toBeGreaterThanOrEqual(0);
        expect(lambda).toBeLessThan(2);
        const best = growthAt(lambda, flawless, expected);
        expect(best).toBeGreaterThanOrEqual(growthAt(other, flawless, expected) - 1e-9);
      }),
    );
  });

  it("stakes nearly everything where no errors are expected, and nothing where they eat up the margin", () => {
    const ten = unwrap(withMargin(10));
    const past = { draws: 0, sum: 0, mean: 0.5, bound: ten.bound, cards: undefined };
    expect(optimalBet(ten, { o1: 0, o2: 0, u1: 0, u2: 0 }).lambda(past)).toBeCloseTo(2, 5);
    expect(optimalBet(ten, { o1: 0, o2: 0.06, u1: 0, u2: 0 }).lambda(past)).toBeCloseTo(0, 6);
  });

  it("is what the paper's closed form says for two-vote overstatements alone", () => {
    // With rate p of them the derivative vanishes at λ = 2·(1 − p − p·m)/(m·…): solved here for a = ½/(1 − v/2).
    const ten = unwrap(withMargin(10));
    const p = 0.001;
    const gain = ten.flawless - 0.5;
    const expected = (1 - p) / 0.5 - p / gain;
    const past = { draws: 0, sum: 0, mean: 0.5, bound: ten.bound, cards: undefined };
    expect(optimalBet(ten, { o1: 0, o2: p, u1: 0, u2: 0 }).lambda(past)).toBeCloseTo(expected, 6);
  });

  it("follows the errors that the sample shows", () => {
    const ten = unwrap(withMargin(10));
    const expected = { o1: 1e-4, o2: 1e-4, u1: 1e-4, u2: 1e-4 };
    const lambdas: number[] = [];
    const bet = adaptiveBet(ten, { expected, weight: 100 });
    const martingale = new Martingale(
      { cards: undefined, bound: ten.bound, mean: 0.5 },
      { lambda: (past) => (lambdas[past.draws] = bet.lambda(past)), see: (value) => bet.see?.(value) },
    );
    for (const over of [0, 2, 2, 2]) martingale.add(ten.value(over));
    martingale.add(ten.flawless);
    const seen = { o1: 0.01 / 104, o2: 3.01 / 104, u1: 0.01 / 104, u2: 0.01 / 104 };
    const past = { draws: 4, sum: 0, mean: 0.5, bound: ten.bound, cards: undefined };
    expect(lambdas[4]).toBeCloseTo(optimalBet(ten, seen).lambda(past), 6);
    expect(lambdas[4]).toBeLessThan(lambdas[0]!);
  });
});
