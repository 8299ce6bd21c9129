import { ok, type Result, utf8Decode } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { Contests } from "../read/contests.ts";
import { wholeCount } from "../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../read/fault.ts";
import { type InputFile, LIMITS } from "../read/input.ts";
import { addContests, all, objectOf, word } from "../read/nist/report.ts";
import { joined, NOTHING, withoutMark } from "../read/pieces.ts";
import { readXml } from "../read/xml/read-xml.ts";
import { ContestTable } from "./builder.ts";
import type { ContestResults, ResultsSnapshot, Turnout } from "./snapshot.ts";

/**
 * Reads an election report of NIST's common data format (SP 1500-100, version 2), as JSON or XML. Of the counts of a
 * choice those of units that are made of no others stand for precincts; those of the contest's district, or of the whole
 * election's area, are totals; those in between are passed over. Counts of the type `total` are taken alone, without one
 * all types are added.
 */
export async function readNistResults(file: InputFile, isXml: boolean): Promise<Result<ResultsSnapshot, ReadFault>> {
  const read = isXml ? await xmlReport(file) : await jsonReport(file);
  if (!read.ok) return read;
  const report = read.value;
  const units = new Map(all(report, "GpUnit").map((unit) => [word(unit, "@id"), unit]));
  const contests: ContestResults[] = [];
  const turnout: Turnout[] = [];
  let ballots: number | undefined;
  const [election] = all(report, "Election");
  for (const [i, each] of all(report, "Election").entries()) {
    const named = new Contests();
    const fault = addContests(named, each);
    if (fault !== undefined) return refuse(file.name, 1, "bad-header", `Election ${i + 1}: ${fault}`);
    const scope = word(each, "ElectionScopeId");
    for (const contest of all(each, "Contest")) {
      const built = named.get(word(contest, "@id"));
      if (built === undefined) continue;
      const table = new ContestTable(built.id, built.name, built.voteFor);
      const district = word(contest, "ElectionDistrictId") || scope;
      for (const selection of all(contest, "ContestSelection")) {
        const choice = built.candidates[built.find(word(selection, "@id")) ?? -1]?.name ?? "";
        const counts = countsOf(all(selection, "VoteCounts"), "Count");
        if (counts === undefined) {
          return refuse(
            file.name,
            1,
            "bad-row",
            `a count of ${quote(choice)} in ${quote(built.name)} is no whole number`,
          );
        }
        for (const [unit, votes] of counts) {
          if (unit === district) table.setTotal(choice, votes);
          else if (isLowest(units.get(unit))) table.add(choice, unitName(units, unit), votes);
        }
      }
      contests.push(table.finish());
    }
    const cast = countsOf(all(each, "BallotCounts"), "BallotsCast");
    if (cast === undefined) return refuse(file.name, 1, "bad-row", "a count of ballots cast is no whole number");
    for (const [unit, count] of cast) {
      if (unit === scope) ballots = count;
      else if (isLowest(units.get(unit))) turnout.push({ precinct: unitName(units, unit), ballots: count });
    }
  }
  if (contests.length === 0)
    return refuse(file.name, 1, "unknown-format", "has no Contest; is it a report of SP 1500-100?");
  const time = word(report, "GeneratedDate");
  return ok({ format: "nist", election: word(election, "Name"), time, contests, turnout, ballots });
}

/** By unit; undefined where one is no whole number. */
function countsOf(entries: readonly unknown[], member: string): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  const whole = new Set<string>();
  for (const entry of entries) {
    if (all(entry, member).length === 0) continue;
    const unit = word(entry, "GpUnitId");
    const count = wholeCount(word(entry, member).replace(/\.0+$/, ""));
    if (count === undefined) return undefined;
    const isTotal = word(entry, "Type") === "total";
    if (whole.has(unit) && !isTotal) continue;
    counts.set(unit, isTotal ? count : (counts.get(unit) ?? 0) + count);
    if (isTotal) whole.add(unit);
  }
  return counts;
}

function isLowest(unit: unknown): boolean {
  return unit !== undefined && all(unit, "ComposingGpUnitIds").length === 0;
}

function unitName(units: ReadonlyMap<string, unknown>, id: string): string {
  return word(units.get(id), "Name") || id;
}

async function jsonReport(file: InputFile): Promise<Result<unknown, ReadFault>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.open()) {
    size += piece.length;
    if (size > LIMITS.results) return refuse(file.name, 1, "too-large", `is larger than ${LIMITS.results} bytes`);
    pieces.push(joined(NOTHING, piece).slice());
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  const text = utf8Decode(withoutMark(whole));
  if (text === undefined) return refuse(file.name, 1, "not-utf8", "is not UTF-8; save the file as UTF-8");
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return refuse(file.name, 1, "not-json", "is no JSON; fetch the file again");
  }
}

async function xmlReport(file: InputFile): Promise<Result<unknown, ReadFault>> {
  const report: { GpUnit: unknown[]; Election: unknown[]; GeneratedDate: unknown } = {
    GpUnit: [],
    Election: [],
    GeneratedDate: "",
  };
  for await (const read of readXml(file.name, file.open(), ["GpUnit", "Election", "GeneratedDate"], LIMITS.results)) {
    if (!read.ok) return read;
    for (const element of read.value) {
      if (element.name === "GeneratedDate") report.GeneratedDate = element.text;
      else report[element.name as "GpUnit" | "Election"].push(objectOf(element));
    }
  }
  return ok(report);
}
