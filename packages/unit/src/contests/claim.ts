import { err, type Fault, ok, type Result } from "@detente/basics";
import type { AuditedContest, CommittedContest, Marks } from "@detente/record";
import {
  type ContestVotes,
  IrvBallots,
  type PoolTotals,
  raireAssertions,
  type ReportedOutcome,
  sufficientFor,
} from "@detente/rla";

/** A contest's reported winners and, in an instant run-off, what rules out the others. */
export type Claim = Pick<CommittedContest, "winners" | "assertions">;

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
  { winners, assertions = [] }: Claim,
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
export function totalsOf(
  { rule, candidates }: AuditedContest,
  votes: Iterable<Marks>,
  pools: readonly PoolTotals[] = [],
): number[] {
  const totals = candidates.map((_, i) => pools.reduce((sum, pool) => sum + (pool.totals[i] ?? 0), 0));
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

/** What the records themselves report: who won by the contest's rule. A tie is nobody's victory, and no audit's matter. */
export function claimOf(
  contest: AuditedContest,
  votes: readonly Marks[],
  pools: readonly PoolTotals[] = [],
): Result<Claim, Fault<"bad-claim">> {
  const { rule, id } = contest;
  const totals = totalsOf(contest, votes, pools);
  switch (rule.method) {
    case "plurality":
    case "score": {
      const order = totals.map((total, i) => ({ total, i })).sort((a, b) => b.total - a.total || a.i - b.i);
      if (order[rule.seats - 1]?.total === order[rule.seats]?.total) return err("bad-claim", `contest ${id}: is tied`);
      const winners = order.slice(0, rule.seats).map(({ i }) => i);
      return ok({ winners: winners.sort((a, b) => a - b) });
    }
    case "super-majority": {
      const { candidate, numerator, denominator } = rule;
      const valid = totals.reduce((sum, total) => sum + total, 0);
      return ok({ winners: (totals[candidate] ?? 0) * denominator > valid * numerator ? [candidate] : [] });
    }
    case "irv": {
      const ballots = new IrvBallots(contest.candidates.length);
      for (const marks of votes) if (marks !== null) ballots.add(votesOf(marks) as ContestVotes);
      const winner = lastStanding(ballots);
      const found = raireAssertions(ballots, winner);
      if (!found.ok) return err("bad-claim", `contest ${id}: ${found.fault.message}`);
      return ok({ winners: [winner], assertions: found.value.map(({ assertion }) => assertion) });
    }
  }
}

/**
 * Whether winners follow from totals by the contest's rule. A tie may go either way: it is broken by lot. Of an instant
 * run-off totals are first preferences, from which nothing follows.
 */
export function followFrom(
  { rule, candidates }: AuditedContest,
  totals: readonly number[],
  winners: readonly number[],
): boolean {
  const won = new Set(winners);
  if (totals.length !== candidates.length || won.size !== winners.length) return false;
  if (winners.some((winner) => winner >= candidates.length)) return false;
  switch (rule.method) {
    case "plurality":
    case "score": {
      const least = Math.min(...winners.map((winner) => totals[winner] ?? 0));
      return winners.length === rule.seats && totals.every((total, i) => won.has(i) || total <= least);
    }
    case "super-majority": {
      const { candidate, numerator, denominator } = rule;
      const valid = totals.reduce((sum, total) => sum + total, 0);
      const isReached = (totals[candidate] ?? 0) * denominator > valid * numerator;
      return winners.length === (isReached ? 1 : 0) && winners.every((winner) => winner === candidate);
    }
    case "irv":
      return winners.length === 1;
  }
}

/** Who is left when the one with the fewest votes goes, time after time; of equals the last of the contest's order. */
function lastStanding(ballots: IrvBallots): number {
  const standing = new Uint8Array(ballots.candidates).fill(1);
  for (let left = ballots.candidates; left > 1; left--) {
    const votes = ballots.tally(standing);
    let least = -1;
    for (let i = 0; i < standing.length; i++) {
      if (standing[i] === 1 && (least < 0 || (votes[i] as number) <= (votes[least] as number))) least = i;
    }
    standing[least] = 0;
  }
  return standing.indexOf(1);
}
