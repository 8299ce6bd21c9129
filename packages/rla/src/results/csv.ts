import { ok, type Result } from "@detente/basics";
import { columnOf, headedRows, noCount, wholeCount } from "../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../read/fault.ts";
import type { InputFile } from "../read/input.ts";
import { ContestTable } from "./builder.ts";
import type { ResultsSnapshot } from "./snapshot.ts";

const TOTAL = /^(?:total|totals|all precincts|county total)s?:?$/i;
const BALLOTS = /^ballots cast(?:\W+total)?$/i;
/** Figures beside the votes: they are no contest, and no ballots for a choice. */
const BESIDE = /^(?:registered voters|voter turnout|ballots cast\W+(?:blank|non-?partisan|partisan))(?:\W|$)/i;

/**
 * Reads results as CSV with a row for each precinct and choice, as OpenElections and many offices publish them: columns
 * for precinct, contest (or office, with district), choice (or candidate) and votes. A row whose precinct is `Total` or
 * empty is a published total; a contest called `Ballots Cast` tells turnout. Where there is a column for counties a
 * precinct is one of its county, since names repeat from county to county (in a file of one county, too: the next one of
 * the night may have two), and a total is one of the county, of which those of all are added; a file without precincts
 * is one of counties. Registered voters are passed over.
 */
export async function readResultsCsv(file: InputFile): Promise<Result<ResultsSnapshot, ReadFault>> {
  const read = await headedRows(file);
  if (!read.ok) return read;
  const { headings, rows } = read.value;
  const countyAt = columnOf(headings, "county", "county name", "parish", "jurisdiction");
  const precinctAt = columnOf(headings, "precinct", "precinct name", "reporting unit");
  const contestAt = columnOf(headings, "contest", "contest name", "office", "race");
  const choiceAt = columnOf(headings, "choice", "choice name", "candidate", "candidate name", "selection");
  const votesAt = columnOf(headings, "votes", "total votes", "vote count");
  const places = { precinct: Math.max(precinctAt, countyAt), contest: contestAt, choice: choiceAt, votes: votesAt };
  const missing = Object.entries(places).find(([, at]) => at < 0);
  if (missing !== undefined) return refuse(file.name, 1, "bad-header", `has no column ${missing[0]}; add it`);
  const districtAt = columnOf(headings, "district");
  const voteForAt = columnOf(headings, "vote for", "votes allowed", "number elected");
  const contests = new Map<string, ContestTable>();
  const turnout: { precinct: string; ballots: number }[] = [];
  let ballots: number | undefined;
  for (const { line, cells } of rows) {
    const cell = (at: number): string => cells[at] ?? "";
    const name = [cell(contestAt), cell(districtAt)].filter((text) => text !== "").join(" ");
    if (BESIDE.test(name)) continue;
    const votes = wholeCount(cell(votesAt));
    if (votes === undefined) return noCount(file.name, line, headings[votesAt] ?? "", cell(votesAt));
    const [county, lowest] = [cell(countyAt), cell(precinctAt < 0 ? countyAt : precinctAt)];
    const isTotal = lowest === "" || TOTAL.test(lowest);
    const precinct = precinctAt < 0 || county === "" ? lowest : `${county}, ${lowest}`;
    if (BALLOTS.test(name) || (name === "" && BALLOTS.test(cell(choiceAt)))) {
      if (isTotal) ballots = (ballots ?? 0) + votes;
      else turnout.push({ precinct, ballots: votes });
      continue;
    }
    if (name === "" || cell(choiceAt) === "")
      return refuse(file.name, line, "bad-row", "names no contest or no choice");
    const contest = contests.get(name) ?? new ContestTable(name, name);
    contests.set(name, contest);
    if (voteForAt >= 0) contest.voteFor = wholeCount(cell(voteForAt)) ?? contest.voteFor;
    if (isTotal) contest.setTotal(cell(choiceAt), votes);
    else contest.add(cell(choiceAt), precinct, votes);
  }
  const finished = [...contests.values()].map((contest) => contest.finish());
  return ok({ format: "csv", election: "", time: "", contests: finished, turnout, ballots });
}
