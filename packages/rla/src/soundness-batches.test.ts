import { unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { pluralityAssorter } from "./assorter/plurality.ts";
import { batchUnits, type BatchTally, macroBounds, macroRisk, macroTaint } from "./comparison/batches.ts";
import { comparison } from "./comparison/comparison.ts";
import { drawWeighted } from "./draw/draw-weighted.ts";
import type { HashRandom } from "./plan/hash-random.ts";
import { fixedShare, truncatedShrinkage } from "./test/bets.ts";
import { riskOf } from "./test/martingale.ts";
import { Minerva, Providence } from "./test/minerva.ts";
import { stakesOf, stratifiedRisk } from "./test/stratified.ts";
import { superSimpleRisk, USUAL_GAMMA } from "./test/super-simple.ts";
import { confirmed, drawn, LIMIT, MOST_CONFIRMED, redrawn } from "./testing/simulate.ts";

const seedOf = (random: HashRandom): Uint8Array => Uint8Array.from({ length: 32 }, () => random.below(256));
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const pair = { winner: 0, loser: 1 };
const tally = (winner: number, loser: number): BatchTally => ({ votes: [winner, loser], cards: winner + loser });

/** Forty batches of a tie; six of them are reported with thirty votes moved to the winner. */
const found = Array.from({ length: 40 }, (_, i) => tally(40 + (i % 7), 46 - ((i + 3) % 7)));
const surplus = found.reduce((sum, { votes }) => sum + votes[0]! - votes[1]!, 0);
found.push(tally(100, 100 + surplus));
const reported = found.map(({ votes }, i) =>
  i % 7 === 0 ? tally(votes[0]! + 30, votes[1]! - 30) : tally(votes[0]!, votes[1]!),
);
const cards = found.reduce((sum, batch) => sum + batch.cards, 0);

describe("a wrong outcome is confirmed no more often than the risk limit allows, by comparison of batches", () => {
  it("drawn by their cards, with bets", () => {
    expect(found.reduce((sum, batch) => sum + batchUnits(batch, pair), 0)).toBe(cards);
    const assorter = pluralityAssorter({ ...pair, marks: 1 });
    const units = reported.reduce((sum, batch) => sum + batchUnits(batch, pair), 0);
    const compared = unwrap(comparison(assorter, { units, cards }));
    const items = found.map((batch, i) => ({ id: Uint8Array.of(i), weight: batch.cards }));
    const values = found.map((batch, i) =>
      compared.value((batchUnits(reported[i]!, pair) - batchUnits(batch, pair)) / batch.cards),
    );
    for (const bet of [
      fixedShare(0.7),
      fixedShare(1),
      truncatedShrinkage({ reported: compared.flawless, weight: 10, clearance: 0.01 }),
    ]) {
      const count = confirmed("batches", (random) => {
        const sample = unwrap(drawWeighted(seedOf(random), items, 60)).map((at) => values[at]!);
        return riskOf(sample, { cards: undefined, bound: compared.bound, mean: 1 / 2 }, bet) <= LIMIT;
      });
      expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
    }
  });

  it("drawn by MACRO's bounds", () => {
    const contest = { batches: reported, pairs: [pair] };
    const bounds = macroBounds(contest);
    const items = reported.map((batch, i) => ({ id: Uint8Array.of(i), weight: batchUnits(batch, pair) }));
    const taints = found.map((batch, i) => macroTaint(contest, bounds, i, batch));
    const count = confirmed(
      "macro",
      (random) =>
        macroRisk(
          bounds,
          unwrap(drawWeighted(seedOf(random), items, 25)).map((at) => taints[at]!),
        ) <= LIMIT,
    );
    expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
  });
});

describe("a wrong outcome is confirmed no more often than the risk limit allows", () => {
  it("by the super-simple method, with replacement", () => {
    // A tenth of margin, all of it by two-vote overstatements of one card in twenty.
    const overstatements = [...times(50, 2), ...times(950, 0)];
    const count = confirmed("super", (random) => {
      const o2 = redrawn(overstatements, 80, random).filter((over) => over === 2).length;
      return superSimpleRisk({ dilutedMargin: 0.1, gamma: USUAL_GAMMA }, 80, { o1: 0, o2, u1: 0, u2: 0 }) <= LIMIT;
    });
    expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("over strata, one compared and one polled, in three rounds", () => {
    // Compared: 300 to 200 as recorded, but twenty votes were the loser's. Polled: 210 to 290. Together a tie.
    const compared = [...times(20, 2 - 2), ...times(480, 2)].map((over) => over / 2);
    const polled = [...times(220, 1), ...times(280, 0)];
    const shift = 1 - 0.6;
    // u − ω: one where the record is right, and mean(A) is 0.6 − 20/500.
    expect(
      compared.reduce((sum, value) => sum + value - shift, 0) + polled.reduce((sum, value) => sum + value, 0),
    ).toBeCloseTo(500, 6);
    const count = confirmed("strata", (random) => {
      const first = Float64Array.from(drawn(compared, 200, random));
      const second = Float64Array.from(drawn(polled, 400, random));
      return [1, 2, 4].some((part) => {
        const sampled = [first.slice(0, 50 * part), second.slice(0, 100 * part)] as const;
        const bets = [fixedShare(0.9), truncatedShrinkage({ reported: 0.5, weight: 100, clearance: 0.01 })] as const;
        const means = [0.5 + shift, 0.4] as const;
        const bounds = [2, 1] as const;
        const strata = sampled.map((values, k) => ({
          cards: 500,
          weight: 1 / 2,
          values,
          bound: bounds[k]!,
          shift: k === 0 ? shift : 0,
          stakes: stakesOf(bets[k]!, { cards: 500, bound: bounds[k]!, mean: means[k]! }, values),
        }));
        return stratifiedRisk(strata) <= LIMIT;
      });
    });
    expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("by Minerva in its rounds, and by Providence in rounds that somebody chooses to confirm it", () => {
    const votesOf = (cardsDrawn: number, random: HashRandom): number =>
      Array.from({ length: cardsDrawn }, () => random.below(2)).reduce((sum, vote) => sum + vote, 0);
    const minerva = confirmed("minerva", (random) => {
      const test = new Minerva({ share: 0.6, limit: LIMIT }, [60, 60, 120]);
      return [60, 60, 120].some((size) => {
        const winner = votesOf(size, random);
        return unwrap(test.add({ winner, loser: size - winner, cards: size })).confirmed;
      });
    });
    const providence = confirmed("providence", (random) => {
      const test = new Providence({ share: 0.6, limit: LIMIT });
      let risk = 1;
      for (let round = 0; round < 12; round++) {
        // A lead is stretched card by card, and after a setback a large round may bring a new one.
        const size = risk < 0.4 ? 5 : 40;
        const winner = votesOf(size, random);
        const result = unwrap(test.add({ winner, loser: size - winner }));
        if (result.confirmed) return true;
        ({ risk } = result);
      }
      return false;
    });
    expect(Math.max(minerva, providence)).toBeLessThanOrEqual(MOST_CONFIRMED);
    expect(Math.min(minerva, providence)).toBeGreaterThan(0);
  });
});
