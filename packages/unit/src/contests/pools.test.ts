import type { AuditedContest, CardName } from "@detente/record";
import { expect, it } from "vitest";
import { poolsOf } from "./pools.ts";

const CARDS: readonly CardName[] = [
  ["a", 1],
  ["a", 2],
  ["a", 3],
  ["b", 1],
];
const ONE = { method: "plurality", seats: 1, marks: 1 } as const;
const SHARE = { method: "super-majority", candidate: 0, numerator: 1, denominator: 2 } as const;

// What is possible on so many cards, counted by hand: each holds so many marks, and one for a candidate at most.
it.each([
  [ONE, 3, [2, 1], true],
  [ONE, 3, [3, 0], true],
  [ONE, 2, [1, 1], true],
  [ONE, 4, [2, 1], false],
  [ONE, 3, [2, 2], false],
  [{ ...ONE, marks: 2 }, 3, [3, 3], true],
  [{ ...ONE, marks: 2 }, 3, [4, 0], false],
  [{ ...ONE, marks: 2 }, 2, [2, 2], true],
  [SHARE, 3, [1, 2], true],
  [SHARE, 3, [2, 2], false],
  // Of points and of ranks a total does not say how many cards gave it.
  [{ method: "irv" }, 3, [1, 0], false],
  [{ method: "score", seats: 1, points: [2, 1] }, 3, [1, 0], false],
] as const)("by the rule %j, %i cards with totals %j are a pool: %s", (rule, recorded, totals, isOne) => {
  const contest: AuditedContest = { id: "c", name: "C", candidates: ["A", "B"], rule, bound: 10, rounds: [3] };
  const pools = poolsOf(contest, CARDS, [{ batch: "a", recorded, totals }]);
  const cards = new Map([["a", { batch: "a", recorded, totals, cards: 3 }]]);
  expect(pools.ok ? pools.value : pools.fault.code).toEqual(isOne ? cards : "bad-files");
});
