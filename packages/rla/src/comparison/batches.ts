import { assert } from "@detente/basics";
import type { Pair } from "../assorter/plurality.ts";

/** The votes of a batch, by candidate, and the most cards that it may hold. */
export interface BatchTally {
  readonly votes: readonly number[];
  readonly cards: number;
}

/**
 * The sum over a batch of the plurality assorter's A, in its units (2 make 1). A batch is then a pool: its overstatement
 * is the mean over its cards, (reported − found)/cards, and batches that are drawn by `drawWeighted` with their cards as
 * weights are tested by `comparison` with replacement (Stark 2022, ALPHA).
 */
export function batchUnits({ votes, cards }: BatchTally, { winner, loser }: Pair): number {
  return (votes[winner] as number) - (votes[loser] as number) + cards;
}

/** The bounds of MACRO on the error in each batch, and their sum U. */
export interface MacroBounds {
  readonly batches: readonly number[];
  readonly total: number;
}

/** A contest reported batch by batch; `pairs` are all its pairs of a winner and a loser. */
export interface BatchedContest {
  readonly batches: readonly BatchTally[];
  readonly pairs: readonly Pair[];
}

/**
 * The maximum relative overstatement of pairwise margins, MACRO (Stark, "Risk-limiting postelection audits:
 * conservative P-values from common probability inequalities", 2009): u_p = max over pairs of (v_wp − v_lp + b_p)/V_wl,
 * with V_wl the reported margin of the pair, which is above 0. A wrong outcome needs errors that sum to 1.
 */
export function macroBounds({ batches, pairs }: BatchedContest): MacroBounds {
  const margins = marginsOf({ batches, pairs });
  const bounds = batches.map((batch) =>
    Math.max(...pairs.map((pair, i) => batchUnits(batch, pair) / (margins[i] as number))),
  );
  return { batches: bounds, total: bounds.reduce((sum, bound) => sum + bound, 0) };
}

/** The taint of a batch, e_p/u_p: at most 1, and 0 where the count by hand agrees with the report. */
export function macroTaint(contest: BatchedContest, bounds: MacroBounds, batch: number, found: BatchTally): number {
  const { votes } = contest.batches[batch] as BatchTally;
  const margins = marginsOf(contest);
  const balance = (of: readonly number[], { winner, loser }: Pair): number =>
    (of[winner] as number) - (of[loser] as number);
  const error = Math.max(
    ...contest.pairs.map((pair, i) => (balance(votes, pair) - balance(found.votes, pair)) / (margins[i] as number)),
  );
  return error / (bounds.batches[batch] as number);
}

/**
 * MACRO's risk of batches that were drawn in proportion to their bounds, with replacement: Π (1 − 1/U)/(1 − taint) over
 * the draws, at most 1. It is the test of the mean of 1 − taint that stakes everything on each draw (Kaplan–Markov).
 */
export function macroRisk({ total }: MacroBounds, taints: Iterable<number>): number {
  let log = 0;
  for (const taint of taints) {
    assert(taint <= 1 + 1e-12, "a batch has more error than its bound allows");
    log += Math.log1p(-1 / total) - Math.log1p(-Math.min(1, taint));
  }
  return Math.min(1, Math.exp(log));
}

/** How many draws without any taint bring MACRO's risk to `limit`: ⌈ln α / ln(1 − 1/U)⌉. */
export function macroSize({ total }: MacroBounds, limit: number): number {
  return Math.ceil(Math.log(limit) / Math.log1p(-1 / total));
}

function marginsOf({ batches, pairs }: BatchedContest): number[] {
  return pairs.map(({ winner, loser }) => {
    const margin = batches.reduce((sum, { votes }) => sum + (votes[winner] as number) - (votes[loser] as number), 0);
    assert(margin > 0, "each winner has more votes than each loser");
    return margin;
  });
}
