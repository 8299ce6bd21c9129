import { unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { comparison } from "../comparison/comparison.ts";
import { pluralityAssorter } from "../assorter/plurality.ts";
import { fixedAlternative, fixedShare } from "../test/bets.ts";
import { optimalBet } from "../test/cobra.ts";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { HashRandom } from "./hash-random.ts";
import { bravoMeanSize, chanceToConfirm, firstRoundVotes } from "./polling-size.ts";
import { expectedValues, flawlessSize, type SamplePlan, simulatedSizes, sizeQuantile } from "./sample-size.ts";

const seed = utf8("a plan");
const assorter = pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
const ten = unwrap(comparison(assorter, { units: 11_000, cards: 10_000 }));
const NO_ERRORS = { o1: 0, o2: 0, u1: 0, u2: 0 };

describe("numbers for simulations", () => {
  it("are spread evenly, and the same for the same seed", () => {
    const counts = new Uint32Array(7);
    const random = new HashRandom(seed);
    for (let i = 0; i < 7000; i++) counts[random.below(7)]!++;
    // Six degrees of freedom: χ² is above 22.5 once in a thousand seeds.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(22.5);
    const again = new HashRandom(seed);
    const other = new HashRandom(seed);
    expect(Array.from({ length: 20 }, () => again.below(2 ** 32))).toEqual(
      Array.from({ length: 20 }, () => other.below(2 ** 32)),
    );
  });
});

describe("the size of a sample", () => {
  const plan = (over: Partial<SamplePlan>): SamplePlan => ({
    expected: expectedValues(ten, NO_ERRORS, 10_000),
    bound: ten.bound,
    withReplacement: true,
    bet: () => fixedShare(0.9),
    limit: 0.05,
    ...over,
  });

  it("without errors is where the powers of one factor pass 1/α", () => {
    // B = 1/1.9 for a margin of 0.1, and the factor is 1 + 0.9·2·(B − ½).
    const factor = 1 + 1.8 * (1 / 1.9 - 0.5);
    expect(flawlessSize(plan({}))).toBe(Math.ceil(Math.log(20) / Math.log(factor)));
    expect(sizeQuantile(simulatedSizes(plan({}), seed, 20), 0.5)).toBe(flawlessSize(plan({})));
  });

  it("is that of SHANGRLA's own test (test_sample_size: 8 and 14)", () => {
    const polled = (value: number): SamplePlan =>
      plan({ expected: [{ value, cards: 1000 }], bound: 1, withReplacement: false, bet: () => fixedAlternative(0.75) });
    expect(flawlessSize(polled(1))).toBe(8);
    expect(flawlessSize(polled(0.75))).toBe(14);
  });

  it("grows with errors, is at most all cards, and is the same for the same seed", () => {
    const rates = { o1: 0.001, o2: 0.001, u1: 0, u2: 0 };
    const wrong = plan({ expected: expectedValues(ten, rates, 10_000), bet: () => optimalBet(ten, rates) });
    const sizes = simulatedSizes(wrong, seed, 60);
    expect(sizes).toEqual(simulatedSizes(wrong, seed, 60));
    expect(sizeQuantile(sizes, 0.8)).toBeGreaterThanOrEqual(flawlessSize(wrong));
    const hopeless = plan({ expected: [{ value: 0, cards: 10 }], withReplacement: false });
    expect(flawlessSize(hopeless)).toBe(10);
  });

  it("by BRAVO's formula is the mean of simulated audits, but for Wald's neglect of the overshoot", () => {
    const polled = plan({
      expected: [
        { value: 1, cards: 55_000 },
        { value: 0, cards: 30_000 },
        { value: 0.5, cards: 15_000 },
      ],
      bound: 1,
      bet: () => fixedAlternative(0.5 + 0.25 / 2 / 0.85),
      limit: 0.1,
    });
    const sizes = simulatedSizes(polled, seed, 300);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean / bravoMeanSize(0.1, 0.55, 0.3)).toBeGreaterThan(0.85);
    expect(mean / bravoMeanSize(0.1, 0.55, 0.3)).toBeLessThan(1.15);
  });
});

describe("the first round of Minerva", () => {
  it.skipIf(!HAS_PYTHON)("has the chance to confirm that exact fractions give", () => {
    const script = `
from math import comb
def pmf(n, p): return [comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n + 1)]
answer = []
for n in given["sizes"]:
    tie, rep = pmf(n, Fraction(1, 2)), pmf(n, Fraction(3, 5))
    stops = [k for k in range(n + 1) if sum(tie[k:]) <= Fraction(1, 10) * sum(rep[k:])]
    answer.append(float(sum(rep[min(stops):])) if stops else 0)`;
    const sizes = [5, 13, 50, 100, 163];
    const expected = python(script, { sizes }) as number[];
    const pair = { share: 0.6, limit: 0.1 };
    sizes.forEach((size, i) => expect(chanceToConfirm(pair, size)).toBeCloseTo(expected[i]!, 10));
  });

  it("is large enough, and one vote less is not", () => {
    for (const [share, limit, chance] of [
      [0.6, 0.1, 0.9],
      [0.51, 0.05, 0.8],
      [0.95, 0.1, 0.9],
    ] as const) {
      const size = firstRoundVotes({ share, limit }, chance)!;
      expect(chanceToConfirm({ share, limit }, size)).toBeGreaterThanOrEqual(chance);
      expect(chanceToConfirm({ share, limit }, size - 1)).toBeLessThan(chance);
    }
  });
});
