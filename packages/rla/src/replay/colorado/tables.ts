import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { wholeCount } from "../../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";
import { type Read, rowsOf } from "./rows.ts";

/** A row of a `contest.csv`: where the audit of a contest stands after a round. */
export interface ContestStanding {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Why it is audited: `opportunistic_benefits` if nothing is drawn for it. */
  readonly reason: string;
  readonly status: string;
  readonly winners: readonly string[];
  /** Cards that are drawn from. */
  readonly cards: number;
  readonly margin: number;
  /** As fractions, as written. */
  readonly limit: number;
  readonly gamma: number;
  readonly audited: number | undefined;
  readonly counts: Readonly<Record<DiscrepancyCount, number>>;
  readonly optimistic: number | undefined;
  readonly estimated: number | undefined;
  readonly overstatements: number | undefined;
}

export type DiscrepancyCount = "o1" | "o2" | "u1" | "u2" | "other";

/** A row of a `contestSelection.csv`: what was drawn for a contest, by internal numbers of records. */
export interface ContestSelection {
  readonly file: string;
  readonly line: number;
  readonly contest: string;
  readonly records: readonly string[];
}

/** A row of a `contestComparison.csv`: a contest on an audited card. */
export interface CardComparison {
  readonly file: string;
  readonly line: number;
  readonly county: string;
  readonly contest: string;
  readonly imprint: string;
  readonly recorded: readonly string[];
  readonly found: readonly string[];
  readonly isAudited: boolean;
  readonly hasConsensus: boolean;
  readonly kind: string;
  readonly isNotFound: boolean;
  readonly record: string;
}

/** Which choices a contest has, and in which counties it is (`tabulate.csv`, `contestsByCounty.csv`). */
export interface CountyChoice {
  readonly county: string;
  readonly contest: string;
  readonly choice: string;
}

/** A card that a county was told to fetch. */
export interface ListedCard {
  readonly file: string;
  readonly line: number;
  readonly county: string;
  readonly imprint: string;
}

const COUNTS: readonly (readonly [DiscrepancyCount, string])[] = [
  ["o1", "one_vote_over_count"],
  ["o2", "two_vote_over_count"],
  ["u1", "one_vote_under_count"],
  ["u2", "two_vote_under_count"],
  ["other", "other_count"],
];

/** Reads `contest.csv` ("contests list") of ColoradoRLA's export. */
export function readStandings(file: InputFile): Read<ContestStanding> {
  const needed = [["contest_name"], ["ballot_card_count"], ["min_margin"], ["risk_limit"]];
  return rowsOf(file, needed, (cell, line) => {
    const [cards, margin] = [wholeCount(cell("ballot_card_count")), wholeCount(cell("min_margin"))];
    const [limit, gamma] = [Number(cell("risk_limit")), Number(cell("gamma") || "1.03905")];
    if (cards === undefined || margin === undefined || !(limit > 0 && limit < 1) || !(gamma > 1)) {
      const message = `the contest ${quote(cell("contest_name"))} has no cards, margin, limit or gamma as numbers`;
      return refuse(file.name, line, "bad-row", message);
    }
    const counts = Object.fromEntries(COUNTS.map(([count, name]) => [count, wholeCount(cell(name)) ?? 0]));
    return ok({
      file: file.name,
      line,
      name: cell("contest_name"),
      reason: cell("audit_reason").toLowerCase(),
      status: cell("random_audit_status", "audit_status"),
      winners: choiceList(cell("winners")),
      cards,
      margin,
      limit,
      gamma,
      audited: wholeCount(cell("audited_sample_count")),
      counts: counts as ContestStanding["counts"],
      optimistic: wholeCount(cell("optimistic_samples_to_audit")),
      estimated: wholeCount(cell("estimated_samples_to_audit")),
      overstatements: wholeCount(cell("overstatements")),
    });
  });
}

/** Reads `contestSelection.csv` ("contest margin and contest CVR ids"). */
export function readSelections(file: InputFile): Read<ContestSelection> {
  return rowsOf(file, [["contest_name"], ["contest_cvr_ids"]], (cell, line) => {
    const records = cell("contest_cvr_ids").match(/\d+/g) ?? [];
    return ok({ file: file.name, line, contest: cell("contest_name"), records: [...records] });
  });
}

/** Reads `contestComparison.csv` ("CVR to audit board interpretation comparison"). */
export function readComparisons(file: InputFile): Read<CardComparison> {
  const needed = [
    ["county_name"],
    ["contest_name"],
    ["imprinted_id"],
    ["audit_board_selection", "choice_per_audit_board"],
  ];
  return rowsOf(file, needed, (cell, line) => {
    const consensus = cell("consensus", "did_audit_board_agree");
    return ok({
      file: file.name,
      line,
      county: cell("county_name"),
      contest: cell("contest_name"),
      imprint: cell("imprinted_id"),
      recorded: choiceList(cell("choice_per_voting_computer", "choices_per_voting_computer")),
      found: choiceList(cell("audit_board_selection", "choice_per_audit_board")),
      isAudited: cell("timestamp") !== "" || consensus !== "",
      hasConsensus: !/^no$/i.test(consensus),
      kind: cell("record_type").toLowerCase(),
      isNotFound: /ballot not found/i.test(cell("audit_board_comment")),
      record: cell("cvr_id"),
    });
  });
}

/** Reads `tabulate.csv` and its like: a row for each county, contest and perhaps choice. */
export function readCountyChoices(file: InputFile): Read<CountyChoice> {
  return rowsOf(file, [["county_name"], ["contest_name"]], (cell) => {
    return ok({ county: cell("county_name"), contest: cell("contest_name"), choice: oneChoice(cell("choice")) });
  });
}

/** Reads a list of ballot cards to audit; `county` is that of a file without a column for it. */
export function readListed(file: InputFile, county: string): Read<ListedCard> {
  return rowsOf(file, [["imprinted_id"]], (cell, line) => {
    return ok({
      file: file.name,
      line,
      county: cell("county_name", "county") || county,
      imprint: cell("imprinted_id"),
    });
  });
}

/** Reads `seed.csv`, which has the digits of the dice. */
export async function readSeed(file: InputFile): Promise<Result<string, ReadFault>> {
  const read = await rowsOf(file, [["seed"]], (cell) => ok(cell("seed")));
  if (!read.ok) return read;
  const [seed] = read.value;
  return seed === undefined || seed === "" ? refuse(file.name, 2, "bad-row", "has no seed") : ok(seed);
}

/** A list of JSON texts without its brackets, `"Ada","Bob"`; in older files with them. */
function choiceList(text: string): string[] {
  const inner = text.trim().replace(/^\[|\]$/g, "");
  if (inner.trim() === "") return [];
  try {
    const list: unknown = JSON.parse(`[${inner}]`);
    if (Array.isArray(list) && list.every((choice) => typeof choice === "string"))
      return list.map((choice) => choice.trim());
  } catch {
    // Somebody took the quotes away: it is one choice.
  }
  return [inner.trim()];
}

function oneChoice(text: string): string {
  return choiceList(text)[0] ?? "";
}
