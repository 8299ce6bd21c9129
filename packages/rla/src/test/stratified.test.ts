import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedShare, truncatedShrinkage } from "./bets.ts";
import { Martingale } from "./martingale.ts";
import { stakesOf, type Stratum, stratifiedRisk } from "./stratified.ts";

/** T by its definition, card by card. */
function martingaleAt({ cards, values, shift, stakes }: Stratum, theta: number): number {
  let sum = 0;
  let product = 1;
  for (let j = 0; j < values.length; j++) {
    const mean = ((theta + shift) * cards - sum) / (cards - j);
    if (mean <= 0) return Infinity;
    const value = values[j]!;
    const lambda = (1 / mean) * stakes[j]!;
    product *= 1 + lambda * (value - mean);
    sum += value;
  }
  return product;
}

const stratum = fc
  .record({ cards: fc.integer({ min: 8, max: 60 }), shift: fc.constantFrom(0, 0.4) })
  .chain(({ cards, shift }) =>
    fc
      .array(fc.tuple(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 0.95, noNaN: true })), {
        maxLength: cards - 5,
      })
      .map((draws): Omit<Stratum, "weight"> => ({
        cards,
        shift,
        bound: 1 + shift,
        values: Float64Array.from(draws, ([value]) => value + shift),
        stakes: Float64Array.from(draws, ([, stake]) => stake),
      })),
  );

const weighed = (parts: readonly Omit<Stratum, "weight">[]): Stratum[] => {
  const all = parts.reduce((sum, { cards }) => sum + cards, 0);
  return parts.map((part) => ({ ...part, weight: part.cards / all }));
};

describe("the risk over strata", () => {
  it("of one stratum is that of the same bets without strata", () => {
    const values = Float64Array.of(1, 1, 0.5, 1, 0, 1, 1);
    const population = { cards: 50, bound: 1, mean: 0.5 };
    const martingale = new Martingale(population, fixedShare(0.4));
    for (const value of values) martingale.add(value);
    const stakes = stakesOf(fixedShare(0.4), population, values);
    const risk = stratifiedRisk([{ cards: 50, weight: 1, values, bound: 1, shift: 0, stakes }]);
    expect(risk).toBeCloseTo(Math.exp(-martingale.log), 8);
  });

  it("of two is the largest over all ways to split the null, and not below it", () => {
    fc.assert(
      fc.property(stratum, stratum, (a, b) => {
        const strata = weighed([a, b]);
        const [first, second] = strata as [Stratum, Stratum];
        const risk = stratifiedRisk(strata);
        let largest = 0;
        for (let step = 0; step <= 2000; step++) {
          const theta = step / 2000;
          const other = (0.5 - first.weight * theta) / second.weight;
          const possible = [first, second].every((part, k) => {
            const mean = k === 0 ? theta : other;
            const sum = part.values.reduce((total, value) => total + value, 0) - part.shift * part.cards;
            const most = sum + (part.cards - part.values.length) * part.bound;
            return mean * part.cards >= sum && mean * part.cards <= most;
          });
          if (possible) largest = Math.max(largest, 1 / (martingaleAt(first, theta) * martingaleAt(second, other)));
        }
        expect(risk).toBeGreaterThanOrEqual(Math.min(1, largest) * (1 - 1e-7));
        // A grid of two thousand steps comes near it where a step does not change much.
        expect(Math.min(1, largest)).toBeGreaterThanOrEqual(risk * 0.8 - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it("counts what was staked in vain where a stratum shows nothing but zeros, however little its null leaves there", () => {
    const zeros = { cards: 8, shift: 0, bound: 1, values: new Float64Array(2), stakes: Float64Array.of(0.5, 0.5) };
    const ones = new Float64Array(20).fill(1);
    const sure = { cards: 60, shift: 0, bound: 1, values: ones, stakes: new Float64Array(20).fill(0.3) };
    const strata = weighed([zeros, sure]) as [Stratum, Stratum];
    // T of the zeros is (1 - 0.5)² whatever their null is, so the worst null leaves all it can to the others.
    const most = 0.5 / strata[1].weight;
    expect(stratifiedRisk(strata)).toBeCloseTo(4 / martingaleAt(strata[1], most), 8);
  });

  it("of strata that were counted to the last card is nothing where the claim is true, and never small in a tie", () => {
    const counted = (values: number[]): Omit<Stratum, "weight"> => {
      const own = Float64Array.from(values, (x) => x / 3);
      const bet = truncatedShrinkage({ reported: 0.2, weight: 5, clearance: 0.01 });
      return {
        cards: own.length,
        values: own,
        bound: 1 / 3,
        shift: 0,
        stakes: stakesOf(bet, { cards: own.length, bound: 1 / 3, mean: 1 / 6 }, own),
      };
    };
    expect(stratifiedRisk(weighed([counted([1, 1, 0]), counted([1, 0, 1, 0])]), 1 / 6)).toBe(0);
    expect(stratifiedRisk(weighed([counted([1, 1, 0, 0]), counted([1, 0, 1, 0])]), 1 / 6)).toBeGreaterThan(0.5);
  });

  it("with a stratum that nobody looked at is 1", () => {
    const polled = {
      cards: 100,
      values: new Float64Array(50).fill(1),
      bound: 1,
      shift: 0,
      stakes: new Float64Array(50).fill(0.5),
    };
    const unseen = { cards: 100, values: new Float64Array(0), bound: 1, shift: 0, stakes: new Float64Array(0) };
    expect(stratifiedRisk(weighed([polled, unseen]))).toBeCloseTo(1, 6);
  });
});
