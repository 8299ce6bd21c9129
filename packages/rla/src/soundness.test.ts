import { unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import type { Assorter } from "./assorter/assorter.ts";
import { assortersOf } from "./assorter/claims.ts";
import { pluralityAssorter } from "./assorter/plurality.ts";
import { comparison } from "./comparison/comparison.ts";
import {
  type FoundCard,
  foundUnits,
  overstatement,
  type RecordedCard,
  recordedUnits,
} from "./comparison/overstatement.ts";
import type { ContestVotes } from "./cvr.ts";
import { drawCards } from "./draw/draw-cards.ts";
import { countIrv } from "./irv/ballots.ts";
import { raireAssertions } from "./irv/raire.ts";
import { fixedAlternative, fixedShare, truncatedShrinkage } from "./test/bets.ts";
import { adaptiveBet, optimalBet } from "./test/cobra.ts";
import { type Bet, Martingale, riskOf } from "./test/martingale.ts";
import { ballotsOf, type Profile, votesOf } from "./testing/irv.ts";
import { confirmed, drawn, LIMIT, MOST_CONFIRMED, redrawn } from "./testing/simulate.ts";

/** What was committed about a card and what people find. */
type Card = readonly [RecordedCard, FoundCard];

const voteFor = (...candidates: number[]): ContestVotes => votesOf(candidates);
const record = (votes: ContestVotes | undefined): RecordedCard => ({ kind: "record", votes });
const read = (votes: ContestVotes | undefined): FoundCard => ({ kind: "read", votes });
const phantom: RecordedCard = { kind: "phantom" };
const missing: FoundCard = { kind: "missing" };
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const honest = (count: number, votes: ContestVotes): Card[] => times(count, [record(votes), read(votes)] as const);

const plurality = pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
const expected = { o1: 0.002, o2: 0.002, u1: 0.002, u2: 0.002 };
const rounds = 600;

/** The wrong outcomes are as near to right as can be, a tie: nothing is confirmed more often. */
function expectWrong(assorter: Assorter, cards: readonly Card[], styles: boolean): void {
  const truth = cards.reduce((sum, [, found]) => sum + foundUnits(assorter, found, styles), 0);
  expect(2 * truth).toBeLessThanOrEqual(assorter.scale * cards.length);
}

/** Whether each way to compare card by card confirms; each is anytime-valid, so it may look after every card. */
function confirmedByComparison(name: string, cards: readonly Card[], styles: boolean): number[] {
  expectWrong(plurality, cards, styles);
  const units = cards.reduce((sum, [recorded]) => sum + recordedUnits(plurality, recorded), 0);
  const compared = unwrap(comparison(plurality, { units, cards: cards.length }));
  const values = cards.map(([recorded, found]) => compared.value(overstatement(plurality, recorded, found, styles)));
  const bets: (() => Bet)[] = [
    () => truncatedShrinkage({ reported: compared.flawless, weight: 100, clearance: 0.01 }),
    () => fixedShare(0.8),
    () => optimalBet(compared, expected),
    () => adaptiveBet(compared, { expected, weight: 100 }),
  ];
  return bets.map((bet) =>
    confirmed(name, (random) => {
      const population = { cards: cards.length, bound: compared.bound, mean: 1 / 2 };
      return riskOf(drawn(values, rounds, random), population, bet()) <= LIMIT;
    }),
  );
}

const most = (counts: readonly number[]): number => Math.max(...counts);

describe("a wrong outcome is confirmed no more often than the risk limit allows, by card-level comparison of", () => {
  it("flipped records", () => {
    const cards: Card[] = [
      ...honest(450, voteFor(0)),
      ...honest(450, voteFor(1)),
      ...times(50, [record(voteFor(0)), read(voteFor(1))] as const),
      ...honest(50, voteFor(0)),
      ...honest(100, voteFor()),
    ];
    const counts = confirmedByComparison("flipped", cards, false);
    expect(most(counts)).toBeLessThanOrEqual(MOST_CONFIRMED);
    // The simulation would notice a test that never confirms anything.
    expect(most(counts)).toBeGreaterThan(0);
  });

  it("records that blank the loser's votes", () => {
    const blanked = times(100, [record(voteFor()), read(voteFor(1))] as const);
    const cards: Card[] = [...honest(500, voteFor(0)), ...honest(400, voteFor(1)), ...blanked];
    expect(most(confirmedByComparison("blanked", cards, true))).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("cards that are missing, from the records or from the boxes", () => {
    const cards: Card[] = [
      ...honest(480, voteFor(0)),
      ...honest(400, voteFor(1)),
      ...times(40, [phantom, missing] as const),
      ...times(40, [record(voteFor(0)), missing] as const),
      ...times(20, [phantom, read(voteFor(1))] as const),
    ];
    expect(most(confirmedByComparison("missing", cards, true))).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("lies about styles: the contest hidden from the records of the loser's cards, or claimed for cards without it", () => {
    const hidden: Card[] = [
      ...honest(500, voteFor(0)),
      ...honest(420, voteFor(1)),
      // The bound on cards makes phantoms of those whose records say that the contest is not on them.
      ...times(80, [phantom, missing] as const),
    ];
    const claimed: Card[] = [
      ...honest(470, voteFor(0)),
      ...honest(470, voteFor(1)),
      ...times(60, [record(voteFor(0)), read(undefined)] as const),
    ];
    expect(most(confirmedByComparison("hidden", hidden, true))).toBeLessThanOrEqual(MOST_CONFIRMED);
    expect(most(confirmedByComparison("claimed", claimed, true))).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("votes hidden in pools, whose sums are too high (ONEAudit)", () => {
    const pools = [
      { winner: 30, loser: 20, reportedWinner: 40, reportedLoser: 10 },
      { winner: 5, loser: 45, reportedWinner: 25, reportedLoser: 25 },
      { winner: 45, loser: 5, reportedWinner: 45, reportedLoser: 5 },
    ];
    const pooled = pools.flatMap(({ winner, loser, reportedWinner, reportedLoser }): Card[] => {
      const pool: RecordedCard = { kind: "pool", units: reportedWinner - reportedLoser + 50, cards: 50 };
      return [...times(winner, [pool, read(voteFor(0))] as const), ...times(loser, [pool, read(voteFor(1))] as const)];
    });
    const cards: Card[] = [...pooled, ...honest(195, voteFor(0)), ...honest(205, voteFor(1))];
    expect(most(confirmedByComparison("pools", cards, true))).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("flipped records that our own draw draws, round after round", () => {
    const cards: Card[] = [
      ...honest(190, voteFor(0)),
      ...honest(190, voteFor(1)),
      ...times(10, [record(voteFor(0)), read(voteFor(1))] as const),
      ...honest(10, voteFor(0)),
    ];
    expectWrong(plurality, cards, false);
    const compared = unwrap(comparison(plurality, { units: 420, cards: 400 }));
    const ids = cards.map((_, i) => utf8(String(i)));
    const count = confirmed("draw", (random) => {
      const seed = Uint8Array.from({ length: 32 }, () => random.below(256));
      const martingale = new Martingale({ cards: 400, bound: compared.bound, mean: 1 / 2 }, fixedShare(0.8));
      const order = unwrap(drawCards(seed, ids, 320)).map(({ id }) => Number(new TextDecoder().decode(id)));
      return [20, 40, 80, 160, 320].some((size) => {
        for (const at of order.slice(martingale.draws, size)) {
          const [recorded, found] = cards[at]!;
          martingale.add(compared.value(overstatement(plurality, recorded, found, false)));
        }
        return martingale.risk <= LIMIT;
      });
    });
    expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
  });

  it("an IRV contest that another candidate won", () => {
    const truth: Profile = [
      [[0, 1], 300],
      [[1, 2], 260],
      [[2, 1], 190],
      [[0, 2], 50],
    ];
    expect(countIrv(ballotsOf(truth, 3))?.winner).toBe(1);
    // Fifty-five ballots of 1 and 2 are recorded for 0, who then wins.
    const reported: Profile = [...truth.slice(0, 1), [[1, 2], 225], [[2, 1], 170], [[0, 2], 50], [[0, 1], 55]];
    const cards: Card[] = [
      ...honest(300, voteFor(0, 1)),
      ...honest(225, voteFor(1, 2)),
      ...honest(170, voteFor(2, 1)),
      ...honest(50, voteFor(0, 2)),
      ...times(35, [record(voteFor(0, 1)), read(voteFor(1, 2))] as const),
      ...times(20, [record(voteFor(0, 1)), read(voteFor(2, 1))] as const),
    ];
    const assertions = unwrap(raireAssertions(ballotsOf(reported, 3), 0)).map(({ assertion }) => assertion);
    const tests = assortersOf({ method: "irv", assertions }).map((assorter) => {
      const units = cards.reduce((sum, [recorded]) => sum + recordedUnits(assorter, recorded), 0);
      const compared = unwrap(comparison(assorter, { units, cards: cards.length }));
      return {
        compared,
        values: cards.map(([recorded, found]) => compared.value(overstatement(assorter, recorded, found, true))),
      };
    });
    const order = cards.map((_, i) => i);
    const count = confirmed("irv", (random) => {
      const sample = drawn(order, 300, random);
      return tests.every(({ compared, values }) => {
        const population = { cards: cards.length, bound: compared.bound, mean: 1 / 2 };
        return (
          riskOf(
            sample.map((at) => values[at]!),
            population,
            optimalBet(compared, expected),
          ) <= LIMIT
        );
      });
    });
    expect(count).toBeLessThanOrEqual(MOST_CONFIRMED);
  });
});

describe("a tie is confirmed no more often than the risk limit allows, by polling", () => {
  const tie = [...times(400, 1), ...times(400, 0), ...times(200, 1 / 2)];
  const bets: (() => Bet)[] = [
    () => truncatedShrinkage({ reported: 0.55, weight: 50, clearance: 0.02 }),
    () => fixedAlternative(0.55),
    () => fixedShare(0.1),
  ];

  it("without and with replacement, looking after every card", () => {
    for (const bet of bets) {
      const without = confirmed(
        "poll",
        (random) => riskOf(drawn(tie, rounds, random), { cards: 1000, bound: 1, mean: 1 / 2 }, bet()) <= LIMIT,
      );
      const replaced = confirmed(
        "poll",
        (random) => riskOf(redrawn(tie, rounds, random), { cards: undefined, bound: 1, mean: 1 / 2 }, bet()) <= LIMIT,
      );
      expect(Math.max(without, replaced)).toBeLessThanOrEqual(MOST_CONFIRMED);
      expect(Math.min(without, replaced)).toBeGreaterThan(0);
    }
  });
});

describe("the simulation", () => {
  it("notices if missing cards were forgiven: the same wrong outcome would be confirmed far too often", () => {
    // 500 to 420, and the loser's other 80 cards are gone: as phantoms that nobody finds they count 0, not ½.
    const forgiven: Card[] = [
      ...honest(500, voteFor(0)),
      ...honest(420, voteFor(1)),
      ...times(80, [phantom, read(voteFor())] as const),
    ];
    const units = forgiven.reduce((sum, [recorded]) => sum + recordedUnits(plurality, recorded), 0);
    const compared = unwrap(comparison(plurality, { units, cards: 1000 }));
    const values = forgiven.map(([recorded, found]) => compared.value(overstatement(plurality, recorded, found, true)));
    const population = { cards: 1000, bound: compared.bound, mean: 1 / 2 };
    const count = confirmed(
      "forgiven",
      (random) => riskOf(drawn(values, rounds, random), population, fixedShare(0.8)) <= LIMIT,
    );
    expect(count).toBeGreaterThan(MOST_CONFIRMED);
  });
});
