import { assert } from "@detente/basics";
import type { ContestVotes } from "../cvr.ts";
import type { Assorter } from "./assorter.ts";

export interface Pair {
  readonly winner: number;
  readonly loser: number;
}

/**
 * `winner` got more votes than `loser`: A = (w − l + 1)/2, u = 1 (Stark 2020). A contest with several winners is
 * a claim for each pair of a winner and a loser; approval voting is one where every candidate may be marked.
 *
 * `marks` is how many candidates a voter may mark. A card with more is overvoted: none of its marks counts.
 */
export function pluralityAssorter({ winner, loser, marks }: Pair & { readonly marks: number }): Assorter {
  assert(winner !== loser && marks > 0, "a winner, a loser and a mark to make");
  return {
    scale: 2,
    bound: 2,
    units: (votes) => {
      if (votes === undefined || votes.candidates.length > marks) return 1;
      return 1 + (isMarked(votes, winner) ? 1 : 0) - (isMarked(votes, loser) ? 1 : 0);
    },
  };
}

export interface ShareClaim {
  readonly candidate: number;
  /** The share asked for, strictly between 0 and 1, as a fraction of whole numbers. */
  readonly numerator: number;
  readonly denominator: number;
  /** Whether the candidate got more than the share, or the others together more than what is left. */
  readonly reached: boolean;
}

/**
 * A candidate got more than the share f of the valid votes: A = 1/(2f) for a card that marks it alone, 0 for one that
 * marks one other, else ½; u = 1/(2f) (Stark 2020). That it fell short is the same claim about all others
 * together and the share 1 − f. A valid card marks exactly one candidate.
 */
export function superMajorityAssorter({ candidate, numerator, denominator, reached }: ShareClaim): Assorter {
  assert(numerator > 0 && numerator < denominator && Number.isSafeInteger(denominator), "a share between 0 and 1");
  const share = reached ? numerator : denominator - numerator;
  return {
    scale: 2 * share,
    bound: denominator,
    units: (votes) => {
      if (votes?.candidates.length !== 1) return share;
      return (votes.candidates[0] === candidate) === reached ? denominator : 0;
    },
  };
}

/**
 * `winner` got a higher score than `loser` where a rank earns points, as in Borda's count: with s the points of a card
 * and s⁺ the most it can give, A = (s(w) − s(l) + s⁺)/(2s⁺), u = 1 (Stark 2020).
 * `points[0]` are those of the first rank; whole numbers, not negative. A rank without points earns none.
 */
export function scoreAssorter({ winner, loser, points }: Pair & { readonly points: readonly number[] }): Assorter {
  assert(
    points.every((point) => Number.isSafeInteger(point) && point >= 0),
    "points are whole numbers, not negative",
  );
  const most = Math.max(...points);
  assert(winner !== loser && most > 0, "a winner, a loser and points to earn");
  return {
    scale: 2 * most,
    bound: 2 * most,
    units: (votes) =>
      votes === undefined ? most : most + pointsOf(votes, winner, points) - pointsOf(votes, loser, points),
  };
}

function pointsOf({ candidates, ranks }: ContestVotes, candidate: number, points: readonly number[]): number {
  const at = candidates.indexOf(candidate);
  return at < 0 ? 0 : (points[(ranks[at] as number) - 1] ?? 0);
}

function isMarked(votes: ContestVotes, candidate: number): boolean {
  return votes.candidates.includes(candidate);
}
