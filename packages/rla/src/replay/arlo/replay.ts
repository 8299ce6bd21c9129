import { ok, type Result } from "@detente/basics";
import type { ReadFault } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";
import { checked, type ReplayLine, unchecked } from "../lines.ts";
import { ballotErrors, ballotTallies } from "./ballot-errors.ts";
import { replayBallotDraw } from "./ballot-draw.ts";
import { ballotRisks } from "./ballot-risk.ts";
import { drawingRounds, replayBatchDraw } from "./batch-draw.ts";
import { batchErrors, batchRisks } from "./batch-risk.ts";
import { batchUnits, unitLines } from "./batch-units.ts";
import { type ArloContest, type ArloReport, readArloReport } from "./report.ts";
import { type Jurisdiction, type PlacedFile, readJurisdictions } from "./sources.ts";

export interface ArloFiles {
  readonly report: InputFile;
  readonly manifests: readonly PlacedFile[];
  readonly tallies: readonly PlacedFile[];
}

export interface ReplayedAudit {
  readonly election: string;
  /** Of the audit, as published. */
  readonly type: string;
  readonly lines: readonly ReplayLine[];
}

/**
 * Computes a published Arlo audit again: draws, overstatements and risks of batch comparison (MACRO), ballot polling
 * (BRAVO, Minerva, Providence) and ballot comparison (super-simple). What lacks a file is said line by line.
 */
export async function replayArlo({
  report: file,
  manifests,
  tallies,
}: ArloFiles): Promise<Result<ReplayedAudit, ReadFault>> {
  const read = await readArloReport(file);
  if (!read.ok) return read;
  const report = read.value;
  const known = new Set(report.sampled.map(({ jurisdiction }) => jurisdiction));
  const sources = await readJurisdictions(manifests, tallies, known);
  if (!sources.ok) return sources;
  const isBatches = /batch/i.test(report.type);
  const lines = report.contests.flatMap((contest) => [
    ...sizeLines(report, contest),
    ...(isBatches ? batchLines(report, contest, sources.value) : ballotLines(report, contest, sources.value)),
  ]);
  return ok({ election: report.election, type: [report.type, report.math].join(" ").trim(), lines });
}

/** As many tickets as the round was to draw. */
function sizeLines(report: ArloReport, contest: ArloContest): ReplayLine[] {
  return drawingRounds(report, contest).flatMap(({ round }) => {
    if (round.size === undefined) return [];
    const tickets = report.sampled.reduce((sum, { contests }) => {
      return sum + (contests.get(contest.name)?.tickets.get(round.number)?.length ?? 0);
    }, 0);
    const place = { step: "size", contest: contest.name, file: report.file, line: round.line } as const;
    return [checked({ ...place, what: `round ${round.number}`, published: String(round.size) }, String(tickets))];
  });
}

function batchLines(report: ArloReport, contest: ArloContest, sources: readonly Jurisdiction[]): ReplayLine[] {
  const units = batchUnits(contest, sources);
  const replayed = units.length === 0 ? undefined : replayBatchDraw(report, contest, units);
  const place = { step: "draw", contest: contest.name, file: report.file, line: contest.line } as const;
  const why =
    units.length === 0
      ? "give the manifests and the tallies of all batches along"
      : "without a margin, or votes and cards, nothing bounds the error";
  const drawn = replayed?.lines ?? [unchecked({ ...place, what: "all rounds", published: "drawn" }, why)];
  return [
    ...(units.length === 0 ? [] : unitLines(report, contest, units)),
    ...(contest.isTargeted ? drawn : []),
    ...batchErrors(report, contest, replayed),
    ...batchRisks(report, contest, replayed),
  ];
}

function ballotLines(report: ArloReport, contest: ArloContest, sources: readonly Jurisdiction[]): ReplayLine[] {
  return [
    ...(contest.isTargeted ? replayBallotDraw(report, contest, sources) : []),
    ...ballotErrors(report, contest),
    ...(report.sampled.some(({ status }) => status !== "") ? ballotTallies(report, contest) : []),
    ...ballotRisks(report, contest),
  ];
}
