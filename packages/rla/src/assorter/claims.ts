import { type IrvAssertion, irvAssorter } from "../irv/assertion.ts";
import type { Assorter } from "./assorter.ts";
import { type Pair, pluralityAssorter, scoreAssorter, type ShareClaim, superMajorityAssorter } from "./plurality.ts";

/** What was reported of a contest. Candidates have the numbers 0 to `candidates` − 1. */
export type ReportedOutcome =
  | {
      readonly method: "plurality";
      readonly candidates: number;
      readonly winners: readonly number[];
      /** How many candidates a voter may mark; all of them in approval voting. */
      readonly marks: number;
    }
  | {
      readonly method: "score";
      readonly candidates: number;
      readonly winners: readonly number[];
      /** The points of each rank, the first one's first. */
      readonly points: readonly number[];
    }
  | ({ readonly method: "super-majority" } & ShareClaim)
  | { readonly method: "irv"; readonly assertions: readonly IrvAssertion[] };

/**
 * The assorters of claims that together make the reported outcome right: if each has a mean above ½, it is. (For IRV
 * that follows from `sufficientFor`, which the caller has asked.) The risk of a contest is the largest of their risks.
 */
export function assortersOf(outcome: ReportedOutcome): Assorter[] {
  switch (outcome.method) {
    case "plurality":
      return pairs(outcome).map((pair) => pluralityAssorter({ ...pair, marks: outcome.marks }));
    case "score":
      return pairs(outcome).map((pair) => scoreAssorter({ ...pair, points: outcome.points }));
    case "super-majority":
      return [superMajorityAssorter(outcome)];
    case "irv":
      return outcome.assertions.map(irvAssorter);
  }
}

function pairs({ candidates, winners }: { candidates: number; winners: readonly number[] }): Pair[] {
  const losers = Array.from({ length: candidates }, (_, i) => i).filter((candidate) => !winners.includes(candidate));
  return winners.flatMap((winner) => losers.map((loser) => ({ winner, loser })));
}
