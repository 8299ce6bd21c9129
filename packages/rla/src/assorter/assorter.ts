import type { ContestVotes } from "../cvr.ts";

/**
 * An assorter A gives each card a value from 0 to a bound u, and a claim about the outcome is true if and only if the
 * mean of A over all cards is above ½ (Stark, "Sets of half-average nulls generate risk-limiting audits", 2020,
 * arXiv:1911.10035). Values here are whole numbers of units, so sums and margins are exact; only a test divides.
 */
export interface Assorter {
  /** How many units make 1; even, so that ½ is whole too. */
  readonly scale: number;
  /** u, in units. */
  readonly bound: number;
  /**
   * A of one card, in units: a whole number from 0 to `bound`. `undefined` is a card without the contest, which counts
   * ½, as does one whose marks say nothing about the claim.
   */
  readonly units: (votes: ContestVotes | undefined) => number;
}

/** The sum of A over cards, in units. */
export function totalUnits(assorter: Assorter, cards: Iterable<ContestVotes | undefined>): number {
  let sum = 0;
  for (const votes of cards) sum += assorter.units(votes);
  return sum;
}
