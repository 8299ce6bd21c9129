import { err, type Fault, ok, type Result } from "@detente/basics";
import type { AuditedContest, CommittedContest, Marks } from "@detente/record";
import { type ContestVotes, type ReportedOutcome, sufficientFor } from "@detente/rla";

/** Marks as the mathematics takes them; `undefined` for a card without the contest. */
export function votesOf(marks: Marks): ContestVotes | undefined {
  if (marks === null) return undefined;
  return {
    contest: 0,
    candidates: Uint16Array.from(marks, ([candidate]) => candidate),
    ranks: Uint8Array.from(marks, ([, rank]) => rank),
  };
}

/** The reported outcome of a contest, where its claims are of the contest's rule and, if true, make its winners win. */
export function outcomeOf(
  { rule, candidates, id }: AuditedContest,
  { winners, assertions = [] }: Pick<CommittedContest, "winners" | "assertions">,
): Result<ReportedOutcome, Fault<"bad-claim">> {
  const refuse = (what: string): Result<never, Fault<"bad-claim">> => err("bad-claim", `contest ${id}: ${what}`);
  const count = candidates.length;
  if (new Set(winners).size !== winners.length || winners.some((winner) => winner >= count)) {
    return refuse("its winners are not distinct candidates");
  }
  switch (rule.method) {
    case "plurality":
    case "score": {
      if (winners.length !== rule.seats) return refuse(`names ${winners.length} winners for ${rule.seats} seats`);
      return ok(
        rule.method === "plurality"
          ? { method: "plurality", candidates: count, winners, marks: rule.marks }
          : { method: "score", candidates: count, winners, points: rule.points },
      );
    }
    case "super-majority": {
      if (winners.some((winner) => winner !== rule.candidate)) return refuse("names a winner that does not stand");
      const { candidate, numerator, denominator } = rule;
      return ok({ method: "super-majority", candidate, numerator, denominator, reached: winners.length === 1 });
    }
    case "irv": {
      const [winner] = winners;
      if (winner === undefined || winners.length > 1) return refuse("an instant run-off has one winner");
      const isOf = assertions.every(({ winner: w, loser, ...rest }) => {
        const standing = "continuing" in rest ? rest.continuing : [w, loser];
        return (
          w !== loser && standing.every((each) => each < count) && standing.includes(w) && standing.includes(loser)
        );
      });
      if (!isOf) return refuse("its assertions are not about its candidates");
      const enough = sufficientFor(winner, count, assertions);
      return enough.ok ? ok({ method: "irv", assertions }) : refuse(enough.fault.message);
    }
  }
}

/** Votes of each candidate: points where ranks earn them, first preferences in an instant run-off. */
export function totalsOf({ rule, candidates }: AuditedContest, votes: Iterable<Marks>): number[] {
  const totals = candidates.map(() => 0);
  for (const marks of votes) {
    if (marks === null || isOvervoted(rule, marks)) continue;
    for (const [candidate, rank] of marks) {
      const earned = rule.method === "score" ? (rule.points[rank - 1] ?? 0) : rank === 1 ? 1 : 0;
      totals[candidate] = (totals[candidate] ?? 0) + earned;
    }
  }
  return totals;
}

function isOvervoted(rule: AuditedContest["rule"], marks: NonNullable<Marks>): boolean {
  if (rule.method === "plurality") return marks.length > rule.marks;
  return rule.method === "super-majority" && marks.length !== 1;
}
