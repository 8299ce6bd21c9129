import { canonicalJson, type Json } from "@detente/basics";
import type { AuditRiskContent } from "@detente/record";
import { assess, type Assessment, type AuditableContest, type DrawnName } from "./assess.ts";
import { type ContestRecord, type Saying, sayings } from "./contest-record.ts";
import { evidenceOf } from "./evidence.ts";
import type { ContestFault } from "./fault.ts";
import type { SeedState } from "./seed.ts";

/** A round that a majority of the auditors has closed with one evidence and one set of numbers, which it gives. */
export interface ClosedRound {
  readonly round: number;
  readonly by: readonly string[];
  readonly assessment: Assessment;
}

/**
 * The rounds of a contest that are closed. Auditors agree on whole numbers and on the statements that they come from,
 * so nothing that is said later can open a round again; the risk is computed here, whatever they report.
 * @param drawn the cards of the contest's order, at least as many as the last round has
 */
export function closedRounds(
  record: ContestRecord,
  seed: SeedState,
  auditing: AuditableContest,
  drawn: readonly DrawnName[],
  faults: ContestFault[],
): ClosedRound[] {
  const { auditors, test } = record.charter;
  const { id, rounds } = auditing.contest;
  const all = sayings(record, "observe/audit-risk", auditors).filter(({ content }) => content.contest === id);
  const groups = new Map<string, { readonly said: Saying<"observe/audit-risk">; readonly by: Set<string> }>();
  for (const said of all) {
    const evidence = [...evidenceBehind(said, all, record.hash)].sort();
    const { round, drawn: count, overstatements } = said.content;
    const key = canonicalJson([round, count, overstatements, evidence] as Json);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { said, by: new Set([said.party]) });
    else group.by.add(said.party);
  }
  const closed: ClosedRound[] = [];
  for (const { said, by } of groups.values()) {
    const { round } = said.content;
    const size = rounds[round - 1];
    if (size === undefined) continue;
    const evidence = evidenceOf(record, seed, id, evidenceBehind(said, all, record.hash));
    const assessment = assess(auditing, test, drawn.slice(0, size), evidence);
    if (!isOfNumbers(said.content, assessment)) {
      for (const party of by) {
        faults.push({
          code: "wrong-numbers",
          party,
          message: `states numbers of round ${round} that its evidence does not give`,
        });
      }
    } else if (2 * by.size > auditors.length) {
      closed.push({ round, by: [...by].sort(), assessment });
    }
  }
  return closed.sort((a, b) => a.round - b.round || a.assessment.risk - b.assessment.risk);
}

/** Risk in millionths, rounded up. */
export function millionths(risk: number): number {
  return Math.ceil(risk * 1e6);
}

function isOfNumbers({ drawn, overstatements }: AuditRiskContent, assessment: Assessment): boolean {
  const mine = { drawn: assessment.drawn, overstatements: assessment.overstatements };
  return canonicalJson(mine) === canonicalJson({ drawn, overstatements });
}

/** What a statement of risk rests on: what it names, and what the statements of risk that it names rest on. */
function evidenceBehind(
  { of }: { readonly of: ReadonlySet<string> },
  all: readonly Saying<"observe/audit-risk">[],
  contest: string,
): Set<string> {
  const byHash = new Map(all.map((said) => [said.hash, said]));
  const behind = new Set<string>();
  const seen = new Set([contest]);
  const open = [...of];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    // Each is looked at once: who names the same again and again must not cost more.
    if (seen.has(hash)) continue;
    seen.add(hash);
    const earlier = byHash.get(hash);
    if (earlier === undefined) behind.add(hash);
    else open.push(...earlier.of);
  }
  return behind;
}

/**
 * What an auditor's statement of risk on a round names, so that all the evidence of a contest is behind it: statements
 * of earlier rounds stand for what is behind them.
 */
export function evidenceNames(record: ContestRecord, contest: string, round: number): string[] {
  const { auditors, boards, holder } = record.charter;
  const all = sayings(record, "observe/audit-risk", auditors).filter(({ content }) => content.contest === contest);
  const earlier = all.filter(({ content }) => content.round < round);
  const sources = [
    ...sayings(record, "observe/readings", boards),
    ...sayings(record, "observe/agreed-readings", boards),
    ...sayings(record, "exhibit/openings", [holder]),
  ].filter(({ content }) => content.contest === contest);
  const [first] = earlier.toSorted((a, b) => b.content.round - a.content.round);
  const behind = first === undefined ? new Set<string>() : evidenceBehind(first, all, record.hash);
  const named = sources.flatMap(({ hash }) => (behind.has(hash) ? [] : [hash]));
  return first === undefined ? named : [first.hash, ...named];
}
