import type { AuditedContest } from "@detente/record";
import type { Claim } from "@detente/unit";

/**
 * What each claim of a contest says, in the order of `assortersOf`: its overstatements are listed in that order, and a
 * person wants to know of whom they are.
 */
export function claimNames({ rule, candidates }: AuditedContest, { winners, assertions = [] }: Claim): string[] {
  const name = (candidate: number): string => candidates[candidate] ?? "?";
  switch (rule.method) {
    case "plurality":
    case "score": {
      const losers = candidates.flatMap((_, candidate) => (winners.includes(candidate) ? [] : [candidate]));
      return winners.flatMap((winner) => losers.map((loser) => `${name(winner)} over ${name(loser)}`));
    }
    case "super-majority": {
      const what = winners.length === 0 ? "no more than" : "more than";
      return [`${name(rule.candidate)} has ${what} ${rule.numerator}/${rule.denominator}`];
    }
    case "irv":
      return assertions.map((assertion) => {
        const pair = `${name(assertion.winner)} over ${name(assertion.loser)}`;
        if (assertion.kind === "not-eliminated-before") return `${pair} in first ranks alone`;
        return `${pair} of ${assertion.continuing.map(name).join(", ")}`;
      });
  }
}
