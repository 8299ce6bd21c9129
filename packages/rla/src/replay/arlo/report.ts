import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { wholeCount } from "../../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";
import { arloSections, Table } from "./sections.ts";
import { type ChoiceVotes, choiceVotes, takeNotFound } from "./choice-votes.ts";

export interface ArloContest {
  readonly name: string;
  readonly isTargeted: boolean;
  readonly winners: number;
  readonly ballots: number;
  readonly votes: ChoiceVotes;
  /** Ballots not counted yet, which Arlo takes from the margin. */
  readonly pending: number;
  /** Whether a majority is needed, or the first two go on (Ga. Code § 21-2-501). */
  readonly isRunoff: boolean;
  readonly line: number;
}

export interface ArloRound {
  readonly number: number;
  readonly contest: string;
  readonly size: number | undefined;
  readonly isMet: boolean;
  /** As published; empty while the round goes on. */
  readonly risk: string;
  readonly votes: ChoiceVotes | undefined;
  /** Draws whose ballot was not found; undefined where the report does not say. */
  readonly notFound: number | undefined;
  readonly line: number;
}

/** What a sampled ballot or batch shows of one contest. */
interface SampledContest {
  /** Ticket numbers by round. */
  readonly tickets: ReadonlyMap<number, readonly string[]>;
  readonly found: string;
  readonly reported: string;
  readonly discrepancy: string;
}

export interface SampledRow {
  readonly jurisdiction: string;
  readonly container: string | undefined;
  readonly tabulator: string | undefined;
  readonly batch: string;
  /** Undefined in a sample of batches. */
  readonly position: number | undefined;
  /** Undefined where the report has no such column, empty where the ballot has no record. */
  readonly imprint: string | undefined;
  readonly status: string;
  readonly contests: ReadonlyMap<string, SampledContest>;
  readonly line: number;
}

/** An audit report as Arlo writes it (VotingWorks, server/api/reports.py), of any year. */
export interface ArloReport {
  readonly file: string;
  readonly election: string;
  readonly type: string;
  readonly math: string;
  /** The risk limit in percent, as a whole number. */
  readonly limit: number;
  readonly seed: string;
  readonly contests: readonly ArloContest[];
  readonly rounds: readonly ArloRound[];
  readonly sampled: readonly SampledRow[];
  readonly hasDiscrepancies: boolean;
}

/** Reads an Arlo report. What is needed and cannot be read is the file's fault, named by its line. */
export async function readArloReport(file: InputFile): Promise<Result<ArloReport, ReadFault>> {
  const read = await arloSections(file);
  if (!read.ok) return read;
  const section = (name: string): Table => new Table(read.value.get(name));
  const settings = section("AUDIT SETTINGS");
  const [setting] = settings.rows;
  if (setting === undefined)
    return refuse(file.name, 1, "bad-header", "has no section AUDIT SETTINGS; export it whole");
  const limit = /^(\d{1,2})(?:\.0+)?\s*%?$/.exec(settings.cell(setting, "Risk Limit"))?.[1];
  if (limit === undefined) return refuse(file.name, setting.line, "bad-row", "has no whole percentage as Risk Limit");
  const contests = contestsOf(file.name, section("CONTESTS"));
  if (!contests.ok) return contests;
  const rounds = roundsOf(file.name, section("ROUNDS"));
  if (!rounds.ok) return rounds;
  const [batches, ballots] = [section("SAMPLED BATCHES"), section("SAMPLED BALLOTS")];
  const table = batches.rows.length > 0 ? batches : ballots;
  const sampled = sampledOf(file.name, table, contests.value);
  if (!sampled.ok) return sampled;
  const info = section("ELECTION INFO");
  const [about] = info.rows;
  const [first] = contests.value;
  const hasDiscrepancies =
    first !== undefined && table.has(...DISCREPANCY, ...DISCREPANCY.map((name) => `${name}: ${first.name}`));
  return ok({
    file: file.name,
    election: about === undefined ? "" : info.cell(about, "Election Name"),
    type: settings.cell(setting, "Audit Type"),
    math: settings.cell(setting, "Audit Math Type"),
    limit: Number(limit),
    seed: settings.cell(setting, "Random Seed"),
    contests: contests.value,
    rounds: rounds.value,
    sampled: sampled.value,
    hasDiscrepancies,
  });
}

const DISCREPANCY = ["Discrepancy", "Change in Margin"];

function contestsOf(file: string, table: Table): Result<ArloContest[], ReadFault> {
  const contests: ArloContest[] = [];
  for (const row of table.rows) {
    const name = table.cell(row, "Contest Name");
    const votes = choiceVotes(table.cell(row, "Tabulated Votes", "Vote Totals"));
    const winners = wholeCount(table.cell(row, "Number of Winners"));
    const ballots = wholeCount(table.cell(row, "Total Ballots Cast"));
    const isTargeted = /^targeted$/i.test(table.cell(row, "Targeted?"));
    if (votes === undefined || winners === undefined || ballots === undefined) {
      const message = `the contest ${quote(name)} has no winners, ballots or votes as numbers; export the report again`;
      return refuse(file, row.line, "bad-row", message);
    }
    const pending = wholeCount(table.cell(row, "Pending Ballots")) ?? 0;
    const isRunoff = /runoff/i.test(table.cell(row, "Runoff Law", "Subject to Runoff"));
    contests.push({ name, isTargeted, winners, ballots, votes, pending, isRunoff, line: row.line });
  }
  return ok(contests);
}

function roundsOf(file: string, table: Table): Result<ArloRound[], ReadFault> {
  const rounds: ArloRound[] = [];
  for (const row of table.rows) {
    const number = wholeCount(table.cell(row, "Round Number"));
    if (number === undefined) return refuse(file, row.line, "bad-row", "has no Round Number");
    const { votes, notFound } = takeNotFound(choiceVotes(table.cell(row, "Audited Votes")));
    rounds.push({
      number,
      contest: table.cell(row, "Contest Name"),
      size: wholeCount(table.cell(row, "Sample Size")),
      isMet: /^yes$/i.test(table.cell(row, "Risk Limit Met?")),
      risk: table.cell(row, "P-Value"),
      votes,
      notFound,
      line: row.line,
    });
  }
  return ok(rounds);
}

function sampledOf(file: string, table: Table, contests: readonly ArloContest[]): Result<SampledRow[], ReadFault> {
  const sampled: SampledRow[] = [];
  for (const row of table.rows) {
    const jurisdiction = table.cell(row, "Jurisdiction Name", "Jurisdiction");
    const batch = table.cell(row, "Batch Name");
    // The last row adds up what the others show.
    if (/^totals?$/i.test(jurisdiction) && batch === "") continue;
    const place = table.cell(row, "Ballot Position");
    const position = place === "" ? undefined : wholeCount(place);
    if (batch === "" || (place !== "" && position === undefined)) {
      return refuse(file, row.line, "bad-row", "names no batch, or a position that is no number");
    }
    const optional = (name: string): string | undefined => (table.has(name) ? table.cell(row, name) : undefined);
    const of = contests.map(({ name }) => {
      const tickets = ticketsOf(table.cellOf(row, name, "Ticket Numbers"));
      const found = table.cellOf(row, name, "Audit Results", "Audit Result");
      const reported = table.cellOf(row, name, "Reported Results", "CVR Result");
      return [name, { tickets, found, reported, discrepancy: table.cellOf(row, name, ...DISCREPANCY) }] as const;
    });
    sampled.push({
      jurisdiction,
      container: optional("Container"),
      tabulator: optional("Tabulator"),
      batch,
      position,
      imprint: optional("Imprinted ID"),
      status: table.cell(row, "Audited?"),
      contests: new Map(of),
      line: row.line,
    });
  }
  return ok(sampled);
}

/** `Round 1: 0.1…, 0.2…, Round 2: 0.3…`; what is no ticket number (`EXTRA`) was not drawn. */
function ticketsOf(text: string): Map<number, string[]> {
  const rounds = new Map<number, string[]>();
  for (const [, number = "", tickets = ""] of text.matchAll(/Round (\d+):((?:(?!Round ).)*)/gs)) {
    const listed = tickets.match(/\b0\.\d+/g) ?? [];
    if (listed.length > 0) rounds.set(Number(number), [...listed]);
  }
  return rounds;
}
