import { assortersOf } from "@detente/rla";
import { votesOf } from "@detente/unit";
import { expect, it } from "vitest";
import { claimNames } from "./claim-names.ts";

it("names claims in the order of their assorters: of each, its winner's votes count for it and its loser's against", () => {
  const candidates = ["Ada", "Bob", "Cy", "Dee"];
  const contest = { id: "c", name: "C", candidates, bound: 10, rounds: [5] };
  const seats = { ...contest, rule: { method: "plurality", seats: 2, marks: 2 } } as const;
  const runOff = { ...contest, rule: { method: "irv" } } as const;
  const assertions = [
    { kind: "not-eliminated-before", winner: 1, loser: 0 },
    { kind: "not-eliminated-before", winner: 1, loser: 2 },
    { kind: "not-eliminated-next", winner: 1, loser: 3, continuing: [1, 3] },
  ] as const;
  for (const [audited, claim, outcome] of [
    [seats, { winners: [1, 3] }, { method: "plurality", candidates: 4, winners: [1, 3], marks: 2 }],
    [runOff, { winners: [1], assertions }, { method: "irv", assertions }],
  ] as const) {
    const names = claimNames(audited, claim);
    const assorters = assortersOf(outcome);
    expect(names).toHaveLength(assorters.length);
    assorters.forEach((assorter, i) => {
      const [, winner = "", loser = ""] = /^(\w+) over (\w+)/.exec(names[i] ?? "") ?? [];
      const units = [winner, loser].map((name) => assorter.units(votesOf([[candidates.indexOf(name), 1]])));
      expect(units).toEqual([assorter.bound, 0]);
    });
  }
  const share = { method: "super-majority", candidate: 1, numerator: 2, denominator: 3 } as const;
  expect(claimNames({ ...contest, rule: share }, { winners: [] })).toEqual(["Bob has no more than 2/3"]);
});
