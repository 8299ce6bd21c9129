import { assert } from "@detente/basics";
import type { Assorter } from "../assorter/assorter.ts";
import { ranking } from "./ranking.ts";

/**
 * A claim about an IRV count (Blom, Stuckey, Teague, "RAIRE: Risk-limiting audits for IRV elections", 2019,
 * arXiv:1903.08804).
 *
 * `not-eliminated-before`: `winner` has more first preferences than `loser` could have while both stand, so `winner`
 * is never eliminated before `loser`.
 *
 * `not-eliminated-next`: when exactly the candidates of `continuing` (ascending, both among them) stand, `winner` has
 * more votes than `loser`, so `winner` is not the next to be eliminated.
 */
export type IrvAssertion =
  | { readonly kind: "not-eliminated-before"; readonly winner: number; readonly loser: number }
  | {
      readonly kind: "not-eliminated-next";
      readonly winner: number;
      readonly loser: number;
      readonly continuing: readonly number[];
    };

/**
 * The assorter of an IRV assertion: A = (w − l + 1)/2, u = 1 (Blom et al. 2019; Stark 2020), where w and l say
 * whether the card counts for the winner and for the loser in the situation of the claim.
 */
export function irvAssorter(assertion: IrvAssertion): Assorter {
  const { winner, loser } = assertion;
  assert(winner !== loser, "an assertion is about two candidates");
  if (assertion.kind === "not-eliminated-next") {
    const standing = new Set(assertion.continuing);
    assert(standing.has(winner) && standing.has(loser), "both candidates of the assertion stand");
    return pairwise((preferred) => {
      const first = preferred.find((candidate) => standing.has(candidate));
      return first === winner ? 1 : first === loser ? -1 : 0;
    });
  }
  return pairwise((preferred) => {
    if (preferred[0] === winner) return 1;
    const at = preferred.indexOf(loser);
    return at >= 0 && !preferred.slice(0, at).includes(winner) ? -1 : 0;
  });
}

function pairwise(balance: (preferred: readonly number[]) => number): Assorter {
  return { scale: 2, bound: 2, units: (votes) => (votes === undefined ? 1 : 1 + balance(ranking(votes))) };
}
