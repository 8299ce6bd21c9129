import { assert, err, type Fault, ok, type Result } from "@detente/basics";
import type { Assorter } from "../assorter/assorter.ts";

/** A test of a claim against what was committed, card by card. */
export interface Comparison {
  /** The assorter margin v = 2·mean(A) − 1 of the commitment. */
  readonly margin: number;
  /** The largest value of B, 2/(2 − v/u). */
  readonly bound: number;
  /** B of a card that is as it was committed, 1/(2 − v/u). */
  readonly flawless: number;
  /** B of a card whose overstatement is so many units (from `overstatement`): (1 − ω/u)/(2 − v/u), from 0 to `bound`. */
  readonly value: (overstatement: number) => number;
}

/**
 * The overstatement assorter B of card-level comparison (Stark 2020): the mean of B over all cards is above ½ if
 * and only if that of A is, whatever the commitment says. `units` is the sum of A over what was committed about all
 * `cards`, phantoms and pools included, in units. A commitment that does not itself support the claim has nothing to be
 * compared with.
 */
export function comparison(
  { scale, bound }: Assorter,
  committed: { readonly units: number; readonly cards: number },
): Result<Comparison, Fault<"claim-not-supported">> {
  const { units, cards } = committed;
  assert(cards > 0 && units >= 0 && units <= bound * cards, "a mean of A lies between 0 and its bound");
  // 2·units − scale·cards is a whole number: a tie is a tie.
  const excess = 2 * units - scale * cards;
  if (excess <= 0) {
    return err(
      "claim-not-supported",
      `over ${cards} cards the committed records and phantoms do not give the reported winner a margin: count by hand`,
    );
  }
  const margin = excess / (scale * cards);
  // v/u with u = bound/scale.
  const share = (margin * scale) / bound;
  const flawless = 1 / (2 - share);
  return ok({ margin, bound: 2 * flawless, flawless, value: (over) => (1 - over / bound) * flawless });
}
