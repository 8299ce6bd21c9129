import { assert } from "@detente/basics";
import type { Bet, Past } from "./martingale.ts";

/** η stays this share below u, so that one card never ends a test for good. */
const EPSILON = Number.EPSILON;

/** The bet of an estimate η of the mean of the cards that are left (ALPHA, Stark 2022): between μ and u. */
function betOn(eta: number, { mean, bound }: Past): number {
  return eta <= mean ? 0 : (eta - mean) / (mean * (bound - mean));
}

export interface Shrinkage {
  /** η₀: the mean that was reported, above the mean that is tested. */
  readonly reported: number;
  /** d: how many draws the report weighs. */
  readonly weight: number;
  /** c: how far the estimate stays above μ, c/√(d + j − 1). */
  readonly clearance: number;
}

/**
 * ALPHA's truncated shrinkage (Stark 2022): η_j = min{u(1 − ε), max[(d·η₀ + S)/(d + j − 1), μ_j + c/√(d + j − 1)]},
 * the report and the sample so far, weighed.
 */
export function truncatedShrinkage({ reported, weight, clearance }: Shrinkage): Bet {
  assert(weight > 0 && clearance >= 0, "the weight of the report is positive");
  return {
    lambda: (past) => {
      const size = weight + past.draws;
      const estimate = (weight * reported + past.sum) / size;
      const eta = Math.min(past.bound * (1 - EPSILON), Math.max(estimate, past.mean + clearance / Math.sqrt(size)));
      return betOn(eta, past);
    },
  };
}

/**
 * Bets on one alternative, that the mean of all cards is `alternative`: Wald's sequential probability ratio test where
 * values are 0 and u. With replacement and on the votes of two candidates it is BRAVO (Lindeman, Stark, Yates 2012).
 */
export function fixedAlternative(alternative: number): Bet {
  return {
    lambda: (past) => {
      const { cards, draws, sum, bound } = past;
      const left = cards === undefined ? alternative : (cards * alternative - sum) / (cards - draws);
      return betOn(Math.min(bound * (1 - EPSILON), left), past);
    },
  };
}

/** Stakes always the same `share` (0 to 1) of what may be staked at all, 1/μ. Kaplan–Markov stakes everything. */
export function fixedShare(share: number): Bet {
  assert(share >= 0 && share <= 1, "a share lies between 0 and 1");
  return { lambda: ({ mean }) => share / mean };
}
