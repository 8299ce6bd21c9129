import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { fixedAlternative, fixedShare, truncatedShrinkage } from "./bets.ts";
import { Martingale, type Population, riskOf } from "./martingale.ts";

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
const poll = (cards: number | undefined): Population => ({ cards, bound: 1, mean: 1 / 2 });

/** How many of `values` it takes to come to a risk of at most `limit`. */
function drawsTo(limit: number, values: number[], population: Population, alternative: number): number {
  const martingale = new Martingale(population, fixedAlternative(alternative));
  return (
    values.findIndex((value) => {
      martingale.add(value);
      return martingale.risk <= limit;
    }) + 1
  );
}

/** ALPHA by the formula of the paper, in exact fractions: T_j = T_{j−1}·[(x/μ)(η−μ)/(u−μ) + (u−η)/(u−μ)]. */
const ALPHA = `
answer = []
for c in given:
    N, u, t, eta0, d = c.get("cards"), Fraction(c["bound"]), Fraction(1, 2), Fraction(c["reported"]), c["weight"]
    T, S, largest, certain = Fraction(1), Fraction(0), Fraction(1), False
    for j, x in enumerate(map(Fraction, c["values"]), 1):
        mu = (N * t - S) / (N - j + 1) if N else t
        if mu > u: T = Fraction(0)
        elif 0 < mu < u:
            eta = min(u * (1 - Fraction(2) ** -52), max((d * eta0 + S) / (d + j - 1), mu))
            T *= (x / mu) * (eta - mu) / (u - mu) + (u - eta) / (u - mu)
        S += x
        if N and S > N * t: certain = True
        largest = max(largest, T)
    answer.append(0 if certain else float(1 / largest))
`;

/** Values in sixteenths, which are exact in binary. */
const samples = fc
  .record({ cards: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }), bound: fc.constantFrom(1, 1.5, 2) })
  .chain(({ cards, bound }) =>
    fc.record({
      cards: fc.constant(cards),
      bound: fc.constant(bound),
      reported: fc.integer({ min: 9, max: 15 }).map((n) => n / 16),
      weight: fc.integer({ min: 1, max: 100 }),
      values: fc.array(
        fc.oneof(
          fc.constantFrom(0, bound),
          fc.integer({ min: 0, max: 16 * bound }).map((n) => n / 16),
        ),
        {
          maxLength: cards ?? 60,
        },
      ),
    }),
  );

describe("the test of a mean", () => {
  it("needs the draws that SHANGRLA's own test expects of Wald's test (test_sample_size)", () => {
    expect(drawsTo(0.05, ones(20), poll(1000), 0.75)).toBe(8);
    expect(
      drawsTo(
        0.05,
        ones(20).map(() => 0.75),
        poll(1000),
        0.75,
      ),
    ).toBe(14);
  });

  it("is BRAVO's ratio on the votes of two candidates (Lindeman, Stark, Yates 2012)", () => {
    const values = [1, 1, 0, 1, 1, 1, 0, 1];
    const martingale = new Martingale(poll(undefined), fixedAlternative(0.6));
    for (const value of values) martingale.add(value);
    expect(martingale.log).toBeCloseTo(Math.log(1.2 ** 6 * 0.8 ** 2), 12);
  });

  it("is Kaplan–Markov's product where everything is staked, as in SHANGRLA's own test (test_kaplan_markov)", () => {
    expect(riskOf(ones(5), poll(undefined), fixedShare(1))).toBeCloseTo(2 ** -5, 12);
    const padded = [1, 1, 1, 1, 1, 0].map((x) => x + 0.1);
    expect(riskOf(padded, { cards: undefined, bound: 1.1, mean: 0.6 }, fixedShare(1))).toBeCloseTo(
      (1.1 / 0.6) ** -5,
      12,
    );
  });

  it.skipIf(!HAS_PYTHON)("is ALPHA in exact fractions, with truncated shrinkage, with and without replacement", () => {
    const cases = fc.sample(samples, { numRuns: 400, seed: 11 });
    const expected = python(ALPHA, cases) as number[];
    cases.forEach(({ cards, bound, reported, weight, values }, i) => {
      const risk = riskOf(
        values,
        { cards, bound, mean: 1 / 2 },
        truncatedShrinkage({ reported, weight, clearance: 0 }),
      );
      expect(Math.abs(risk - expected[i]!)).toBeLessThanOrEqual(1e-9 * expected[i]!);
    });
  });

  it("stays far from overflow over a hundred thousand draws", () => {
    const martingale = new Martingale(poll(undefined), fixedAlternative(0.9));
    for (let i = 0; i < 100_000; i++) martingale.add(1);
    expect(martingale.log).toBeCloseTo(100_000 * Math.log(1.8), 4);
    expect(martingale.risk).toBe(0);
  });

  it("proves a claim by counting all cards, and never a tie", () => {
    const bet = truncatedShrinkage({ reported: 0.7, weight: 10, clearance: 0.1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (pairs, seed) => {
        const tie = fc.sample(
          fc.shuffledSubarray([...ones(pairs), ...ones(pairs).map(() => 0)], { minLength: 2 * pairs }),
          {
            seed,
            numRuns: 1,
          },
        )[0]!;
        // A third is not exact in binary, and three times as many cards make up for it only nearly.
        const population = { cards: tie.length, bound: 1 / 3, mean: 1 / 6 };
        const thirds = tie.map((x) => x / 3);
        expect(riskOf(thirds, population, bet)).toBeGreaterThan(0);
        const won = thirds.with(thirds.indexOf(0), 1 / 3);
        expect(riskOf(won, population, bet)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a value outside the bounds, and a card too many", () => {
    const martingale = new Martingale(poll(1), fixedShare(0.5));
    expect(() => martingale.add(1.1)).toThrow("between 0 and the bound");
    martingale.add(1);
    expect(() => martingale.add(1)).toThrow("drawn twice");
  });

  it("has the smallest p that was reached, whenever one stops", () => {
    const martingale = new Martingale(poll(undefined), fixedShare(0.5));
    for (const value of [1, 1, 1, 0, 0, 0]) martingale.add(value);
    expect(martingale.risk).toBeCloseTo(1.5 ** -3, 12);
  });
});
