import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pluralityAssorter, superMajorityAssorter } from "../assorter/plurality.ts";
import type { ContestVotes } from "../cvr.ts";
import { comparison } from "./comparison.ts";
import {
  type FoundCard,
  foundUnits,
  overstatement,
  phantomCards,
  type RecordedCard,
  recordedUnits,
} from "./overstatement.ts";

const voteFor = (...candidates: number[]): ContestVotes => ({
  contest: 0,
  candidates: Uint16Array.from(candidates),
  ranks: new Uint8Array(candidates.length).fill(1),
});
const plurality = pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
const majority = superMajorityAssorter({ candidate: 0, numerator: 2, denominator: 3, reached: true });

const votes = fc.option(fc.constantFrom(voteFor(), voteFor(0), voteFor(1), voteFor(2), voteFor(0, 1)), {
  nil: undefined,
});
const recorded: fc.Arbitrary<RecordedCard> = fc.oneof(
  votes.map((read) => ({ kind: "record" as const, votes: read })),
  fc.constant({ kind: "phantom" as const }),
  fc.nat(20).map((units) => ({ kind: "pool" as const, units, cards: 10 })),
);
const found: fc.Arbitrary<FoundCard> = fc.oneof(
  votes.map((read) => ({ kind: "read" as const, votes: read })),
  fc.constant({ kind: "missing" as const }),
);

describe("an overstatement", () => {
  it.each([
    ["of a vote for the winner that was for the loser", voteFor(0), voteFor(1), 2],
    ["of a vote for the winner that was none", voteFor(0), voteFor(), 1],
    ["of none that was for the loser", voteFor(2), voteFor(1), 1],
    ["of a vote for the loser that was for the winner", voteFor(1), voteFor(0), -2],
    ["of what was found as recorded", voteFor(0), voteFor(0), 0],
  ])("%s is counted in votes", (_name, record, read, expected) => {
    expect(overstatement(plurality, { kind: "record", votes: record }, { kind: "read", votes: read }, true)).toBe(
      expected,
    );
  });

  it("takes the worst for a card that is missing, and with styles for one without the contest", () => {
    const record: RecordedCard = { kind: "record", votes: voteFor(0) };
    expect(overstatement(plurality, record, { kind: "missing" }, false)).toBe(2);
    expect(overstatement(plurality, record, { kind: "read", votes: undefined }, true)).toBe(2);
    expect(overstatement(plurality, record, { kind: "read", votes: undefined }, false)).toBe(1);
    expect(overstatement(plurality, { kind: "phantom" }, { kind: "missing" }, true)).toBe(1);
    expect(overstatement(plurality, { kind: "phantom" }, { kind: "read", votes: voteFor(0) }, true)).toBe(-1);
    expect(
      overstatement(plurality, { kind: "pool", units: 15, cards: 10 }, { kind: "read", votes: voteFor(1) }, true),
    ).toBe(1.5);
  });

  it("with styles is asked only of cards that were committed to hold the contest", () => {
    expect(() => overstatement(plurality, { kind: "record", votes: undefined }, { kind: "missing" }, true)).toThrow(
      "styles",
    );
  });
});

describe("the overstatement assorter", () => {
  it("has the values of SHANGRLA: for a margin of 0.2 from 0 to 2/1.8", () => {
    const ten = unwrap(comparison(plurality, { units: 120, cards: 100 }));
    expect(ten.margin).toBeCloseTo(0.2, 12);
    expect([2, 1, 0, -1, -2].map((over) => ten.value(over))).toEqual(
      [0, 0.5, 1, 1.5, 2].map((b) => expect.closeTo(b / 1.8, 12)),
    );
    expect(ten.bound).toBeCloseTo(2 / 1.8, 12);
  });

  it("has a mean above one half exactly when that of the cards is, whatever was recorded", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(recorded, found), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(plurality, majority),
        (cards, assorter) => {
          const committed = cards.reduce((sum, [record]) => sum + recordedUnits(assorter, record), 0);
          // Pools of ten that are not all here have a sum that is not whole.
          fc.pre(2 * committed > assorter.scale * cards.length + 1e-6);
          const { value, bound } = unwrap(comparison(assorter, { units: committed, cards: cards.length }));
          const values = cards.map(([record, read]) => value(overstatement(assorter, record, read, false)));
          const truth = cards.reduce((sum, [, read]) => sum + foundUnits(assorter, read, false), 0);
          const excess = 2 * truth - assorter.scale * cards.length;
          const mean = values.reduce((sum, each) => sum + each, 0) / cards.length;
          const sign = (x: number): number => (Math.abs(x) < 1e-9 ? 0 : Math.sign(x));
          expect(sign(mean - 0.5)).toBe(sign(excess));
          for (const each of values) expect(each >= 0 && each <= bound * (1 + 1e-12)).toBe(true);
        },
      ),
    );
  });

  it("does not exist for a commitment that gives the winner no margin", () => {
    expect(comparison(plurality, { units: 100, cards: 100 })).toMatchObject({ fault: { code: "claim-not-supported" } });
  });
});

describe("phantoms", () => {
  it("make up for cards that nothing records, and more records than cards are refused", () => {
    expect(phantomCards(100, 97)).toEqual({ ok: true, value: 3 });
    expect(phantomCards(100, 101)).toMatchObject({ fault: { code: "more-cards-than-bound" } });
  });
});
