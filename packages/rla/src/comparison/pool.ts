import type { Assorter } from "../assorter/assorter.ts";

/** What is reported of cards together, of none of which there is a record. */
export interface PoolTotals {
  /** How many cards are said to hold the contest. */
  readonly recorded: number;
  /** Valid votes of each candidate on them. */
  readonly totals: readonly number[];
}

/**
 * The sum of A, in units, over the cards of a pool that hold the contest, as its totals give it (ONEAudit, Stark 2023,
 * arXiv:2303.03335). For assorters that are a sum over marks: plurality, approval and super-majority; not points by
 * ranks, nor the claims of an instant run-off, which depend on how marks stand together.
 */
export function poolUnits(assorter: Assorter, { recorded, totals }: PoolTotals): number {
  const ofMarks = (...candidates: readonly number[]): number =>
    assorter.units({
      contest: 0,
      candidates: Uint16Array.from(candidates),
      ranks: new Uint8Array(candidates.length).fill(1),
    });
  const blank = ofMarks();
  return totals.reduce((sum, votes, candidate) => sum + votes * (ofMarks(candidate) - blank), recorded * blank);
}
