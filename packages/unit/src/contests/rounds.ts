import { canonicalJson, type Json } from "@detente/basics";
import type { AuditRiskContent } from "@detente/record";
import { assess, type Assessment, type AuditableContest, type DrawnName } from "./assess.ts";
import { Chains } from "./chains.ts";
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

/** The same numbers from the same evidence. */
interface Stated {
  readonly said: Saying<"observe/audit-risk">;
  /** Leaf hashes of the statements that are evidence. */
  readonly evidence: ReadonlySet<string>;
  readonly by: Set<string>;
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
  const all = riskSayings(record, id);
  const sources = new Chains(sourcesOf(record, id));
  const groups = new Map<string, Stated>();
  for (const said of all) {
    const evidence = sources.behind(said.of);
    const { round } = said.content;
    const key = canonicalJson([round, numbersOf(said.content), [...evidence].sort()] as Json);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { said, evidence, by: new Set([said.party]) });
    else group.by.add(said.party);
  }
  const closed: ClosedRound[] = [];
  const looked = new Set<string>();
  for (const { said, evidence: among, by } of groups.values()) {
    const { round } = said.content;
    const size = rounds[round - 1];
    if (size === undefined) continue;
    const isMajority = 2 * by.size > auditors.length;
    // What few say closes nothing, and the first of what each says shows enough of it.
    if (!isMajority && [...by].every((party) => looked.has(`${round} ${party}`))) continue;
    for (const party of by) looked.add(`${round} ${party}`);
    const evidence = evidenceOf(record, seed, id, among);
    const assessment = assess(auditing, test, drawn.slice(0, size), evidence);
    if (!isOfNumbers(said.content, assessment)) {
      for (const party of by) {
        faults.push({
          code: "wrong-numbers",
          party,
          message: `states numbers of round ${round} that its evidence does not give`,
        });
      }
    } else if (isMajority) {
      closed.push({ round, by: [...by].sort(), assessment });
    }
  }
  return closed.sort((a, b) => a.round - b.round || a.assessment.risk - b.assessment.risk);
}

/** How often an auditor is heard on one round of a contest. */
const MOST_SAID = 64;

/** Risk in millionths, rounded up. */
export function millionths(risk: number): number {
  return Math.ceil(risk * 1e6);
}

function isOfNumbers(said: AuditRiskContent, assessment: Assessment): boolean {
  return canonicalJson(numbersOf(said)) === canonicalJson(numbersOf(assessment));
}

/** The whole numbers that auditors agree on. */
export function numbersOf({
  drawn,
  overstatements,
  pooled,
}: Pick<Assessment, "drawn" | "overstatements" | "pooled">): Pick<
  AuditRiskContent,
  "drawn" | "overstatements" | "pooled"
> {
  return { drawn, overstatements, ...(pooled !== undefined && { pooled }) };
}

/** What auditors state of a contest: of each, for each round, the first in its log, so that talking costs little. */
function riskSayings(record: ContestRecord, contest: string): Saying<"observe/audit-risk">[] {
  const counts = new Map<string, number>();
  return sayings(record, "observe/audit-risk", record.charter.auditors).filter(({ party, content }) => {
    if (content.contest !== contest) return false;
    const key = `${content.round} ${party}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= MOST_SAID;
  });
}

/** The statements that evidence of a contest is made of. */
function sourcesOf(record: ContestRecord, contest: string): Saying<SourceName>[] {
  const { boards, holder } = record.charter;
  return [
    ...sayings(record, "observe/readings", boards),
    ...sayings(record, "observe/agreed-readings", boards),
    ...sayings(record, "exhibit/openings", [holder]),
  ].filter(({ content }) => content.contest === contest);
}

type SourceName = "observe/readings" | "observe/agreed-readings" | "exhibit/openings";

/**
 * What an auditor's statement of risk names, so that all the evidence of a contest is behind it.
 * @returns leaf hashes
 */
export function evidenceNames(record: ContestRecord, contest: string): readonly string[] {
  return new Chains(sourcesOf(record, contest)).ends();
}
