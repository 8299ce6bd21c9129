import { checked, type ReplayLine, unchecked } from "../lines.ts";
import { type Interpretation, interpretation } from "./interpretation.ts";
import { outcomeOf } from "./macro.ts";
import type { ArloContest, ArloReport, SampledRow } from "./report.ts";

/** An overstatement in votes of the pair that it hurts most, and that pair's margin in votes. */
export interface BallotError {
  readonly votes: number;
  readonly margin: number;
}

/**
 * The error of a sampled ballot as Arlo counts it (server/audit_math/supersimple.py): the largest over all pairs of a
 * winner and a loser that is not 0. A ballot that is not found, or has no record, is two votes. `undefined` without an
 * error; a text where the report does not tell.
 */
export function ballotError(contest: ArloContest, row: SampledRow): BallotError | undefined | string {
  const of = row.contests.get(contest.name);
  const names = [...contest.votes.keys()];
  const [found, recorded] = [interpretation(of?.found ?? "", names), interpretation(of?.reported ?? "", names)];
  const isMissing = row.status === "NOT_FOUND" || row.imprint === "";
  if (!isMissing && row.status !== "AUDITED") return "it was not audited";
  if (!isMissing && (found === undefined || recorded === undefined))
    return "names a choice that the contest does not have";
  const counts = [...contest.votes.values()];
  const { winners, losers } = outcomeOf(contest);
  let worst: BallotError | undefined;
  for (const winner of winners) {
    for (const loser of losers) {
      const [w, l] = [names[winner] ?? "", names[loser] ?? ""];
      const votes = isMissing ? 2 : errorOf(recorded as Interpretation, found as Interpretation, w, l);
      const margin = (counts[winner] ?? 0) - (counts[loser] ?? 0);
      if (votes !== 0 && (worst === undefined || votes > worst.votes)) worst = { votes, margin };
    }
  }
  return worst;
}

/** Of an overvote or undervote in an export that does not say for whom, Arlo asks only whether people saw one, too. */
function errorOf(recorded: Interpretation, found: Interpretation, winner: string, loser: string): number {
  const lead = (votes: Interpretation): number => Number(votes.choices.has(winner)) - Number(votes.choices.has(loser));
  if (recorded.kind === "overvote" && found.choices.size > 1) return 0;
  if (recorded.kind === "undervote" && found.choices.size < 1) return 0;
  return lead(recorded) - lead(found);
}

/** The published discrepancy of each audited ballot. */
export function ballotErrors(report: ArloReport, contest: ArloContest): ReplayLine[] {
  if (!report.hasDiscrepancies) return [];
  return report.sampled.flatMap((row) => {
    const published = row.contests.get(contest.name)?.discrepancy || "none";
    const what = [row.jurisdiction, row.tabulator, row.batch, row.position]
      .filter((part) => part !== undefined)
      .join(", ");
    const line = {
      step: "overstatement",
      contest: contest.name,
      file: report.file,
      line: row.line,
      what,
      published,
    } as const;
    const error = ballotError(contest, row);
    if (typeof error !== "string") return [checked(line, error === undefined ? "none" : String(error.votes))];
    return published === "none" && row.status !== "AUDITED" ? [] : [unchecked(line, error)];
  });
}

/** The votes of a round, added up from the ballots: each draw counts, for a contest that is only looked at each ballot. */
export function ballotTallies(report: ArloReport, contest: ArloContest): ReplayLine[] {
  const names = [...contest.votes.keys()];
  return report.rounds
    .filter(({ contest: of, risk, votes }) => of === contest.name && risk !== "" && votes !== undefined)
    .flatMap((round): ReplayLine[] => {
      const sums = new Map(names.map((name) => [name, 0]));
      let notFound = 0;
      for (const row of report.sampled) {
        const of = row.contests.get(contest.name);
        const times = contest.isTargeted
          ? (of?.tickets.get(round.number)?.length ?? 0)
          : Number([...row.contests.values()].some(({ tickets }) => tickets.has(round.number)));
        if (row.status === "NOT_FOUND") notFound += times;
        const found = interpretation(of?.found ?? "", names);
        if (found === undefined || found.isOvervote || row.status !== "AUDITED") continue;
        for (const choice of found.choices) sums.set(choice, (sums.get(choice) ?? 0) + times);
      }
      const place = { step: "tally", contest: contest.name, file: report.file, line: round.line } as const;
      const published = (name: string): string => String(round.votes?.get(name) ?? 0);
      const lines = names.map((name) =>
        checked(
          { ...place, what: `round ${round.number}, ${name}`, published: published(name) },
          String(sums.get(name)),
        ),
      );
      if (round.notFound === undefined || !contest.isTargeted) return lines;
      const what = `round ${round.number}, ballots not found`;
      return [...lines, checked({ ...place, what, published: String(round.notFound) }, String(notFound))];
    });
}
