import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContestVotes } from "../cvr.ts";
import { type Assorter, totalUnits } from "./assorter.ts";
import { assortersOf, type ReportedOutcome } from "./claims.ts";

const CANDIDATES = 4;

const marks = fc.uniqueArray(fc.record({ candidate: fc.nat(CANDIDATES - 1), rank: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: CANDIDATES,
  selector: ({ candidate }) => candidate,
});
const card = fc.option(
  marks.map((all): ContestVotes => ({
    contest: 0,
    candidates: Uint16Array.from(all, ({ candidate }) => candidate),
    ranks: Uint8Array.from(all, ({ rank }) => rank),
  })),
  { nil: undefined },
);
const cards = fc.array(card, { minLength: 1, maxLength: 30 });

/** Whether the mean of every assorter is above one half, in whole numbers. */
const allAboveHalf = (outcome: ReportedOutcome, all: readonly (ContestVotes | undefined)[]): boolean =>
  assortersOf(outcome).every((assorter) => 2 * totalUnits(assorter, all) > assorter.scale * all.length);

const winnersOf = (winners: readonly number[], totals: readonly number[]): boolean =>
  winners.every((w) => totals.every((total, l) => winners.includes(l) || totals[w]! > total));

describe("assorters of a contest all have a mean above one half exactly when the outcome is right", () => {
  const winners = fc.uniqueArray(fc.nat(CANDIDATES - 1), { minLength: 1, maxLength: 3 });

  it("by plurality, with any number of winners and marks, overvotes not counted", () => {
    fc.assert(
      fc.property(cards, winners, fc.integer({ min: 1, max: 4 }), (all, reported, most) => {
        const counted = all.filter((votes) => votes !== undefined && votes.candidates.length <= most);
        const totals = Array.from(
          { length: CANDIDATES },
          (_, c) => counted.filter((v) => v!.candidates.includes(c)).length,
        );
        const outcome: ReportedOutcome = {
          method: "plurality",
          candidates: CANDIDATES,
          winners: reported,
          marks: most,
        };
        expect(allAboveHalf(outcome, all)).toBe(winnersOf(reported, totals));
      }),
    );
  });

  it("by a share of the valid votes, reached or missed", () => {
    const share = fc
      .integer({ min: 2, max: 9 })
      .chain((d) => fc.tuple(fc.integer({ min: 1, max: d - 1 }), fc.constant(d)));
    fc.assert(
      fc.property(cards, fc.nat(1), share, fc.boolean(), (all, candidate, [numerator, denominator], reached) => {
        const valid = all.filter((votes) => votes?.candidates.length === 1);
        const own = valid.filter((votes) => votes!.candidates[0] === candidate).length;
        const difference = denominator * own - numerator * valid.length;
        const outcome: ReportedOutcome = { method: "super-majority", candidate, numerator, denominator, reached };
        expect(allAboveHalf(outcome, all)).toBe(reached ? difference > 0 : difference < 0);
      }),
    );
  });

  it("by Borda's points", () => {
    fc.assert(
      fc.property(cards, winners, fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), (all, reported, points) => {
        fc.pre(Math.max(...points) > 0);
        const totals = Array.from({ length: CANDIDATES }, (_, c) =>
          all.reduce((sum, votes) => sum + (points[(votes?.ranks[votes.candidates.indexOf(c)] ?? 99) - 1] ?? 0), 0),
        );
        const outcome: ReportedOutcome = { method: "score", candidates: CANDIDATES, winners: reported, points };
        expect(allAboveHalf(outcome, all)).toBe(winnersOf(reported, totals));
      }),
    );
  });

  it("and no card is below 0 or above the bound, and one without the contest is worth one half", () => {
    const outcomes: ReportedOutcome[] = [
      { method: "plurality", candidates: 4, winners: [0, 2], marks: 2 },
      { method: "super-majority", candidate: 0, numerator: 2, denominator: 3, reached: true },
      { method: "super-majority", candidate: 0, numerator: 2, denominator: 3, reached: false },
      { method: "score", candidates: 4, winners: [1], points: [3, 2, 1] },
      { method: "irv", assertions: [{ kind: "not-eliminated-next", winner: 0, loser: 1, continuing: [0, 1, 3] }] },
    ];
    const assorters: Assorter[] = outcomes.flatMap(assortersOf);
    fc.assert(
      fc.property(card, (votes) => {
        for (const assorter of assorters) {
          const units = assorter.units(votes);
          expect(Number.isSafeInteger(units) && units >= 0 && units <= assorter.bound).toBe(true);
          expect(assorter.units(undefined)).toBe(assorter.scale / 2);
        }
      }),
    );
  });
});
