import * as fc from "fast-check";
import { expect, it } from "vitest";
import { totalUnits } from "../assorter/assorter.ts";
import { pluralityAssorter, superMajorityAssorter } from "../assorter/plurality.ts";
import type { ContestVotes } from "../cvr.ts";
import { poolUnits } from "./pool.ts";

const ASSORTERS = [
  [1, pluralityAssorter({ winner: 0, loser: 2, marks: 1 })],
  [2, pluralityAssorter({ winner: 1, loser: 2, marks: 2 })],
  [1, superMajorityAssorter({ candidate: 0, numerator: 3, denominator: 5, reached: true })],
  [1, superMajorityAssorter({ candidate: 0, numerator: 3, denominator: 5, reached: false })],
] as const;

it("gives, by totals alone, what the cards of a pool add up to one by one", () => {
  const card = fc.subarray([0, 1, 2]);
  fc.assert(
    fc.property(fc.array(card, { maxLength: 40 }), fc.constantFrom(...ASSORTERS), (cards, [marks, assorter]) => {
      const votes = cards.map((candidates): ContestVotes => ({
        contest: 0,
        candidates: Uint16Array.from(candidates),
        ranks: new Uint8Array(candidates.length).fill(1),
      }));
      const valid = cards.filter((candidates) => candidates.length <= marks);
      const totals = [0, 1, 2].map((candidate) => valid.filter((marked) => marked.includes(candidate)).length);
      expect(poolUnits(assorter, { recorded: cards.length, totals })).toBe(totalUnits(assorter, votes));
    }),
  );
});
