import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { batchName } from "./batch-name.ts";
import { columnOf, headedRows, noCount, wholeCount } from "./csv/headed-rows.ts";
import { type ReadFault, refuse } from "./fault.ts";
import { type InputFile, LIMITS } from "./input.ts";

/** Where some cards lie, and how many. */
export interface ManifestBatch {
  /** As cast-vote records and tallies call it: tabulator and batch, else container and batch, else the batch. */
  readonly batch: string;
  readonly name: string;
  readonly tabulator: string | undefined;
  readonly container: string | undefined;
  /** Where the paper is kept. */
  readonly location: string | undefined;
  readonly county: string | undefined;
  readonly cards: number;
  readonly line: number;
}

export interface BallotManifest {
  readonly format: "arlo" | "colorado";
  readonly batches: readonly ManifestBatch[];
  /** Of all batches. */
  readonly cards: number;
}

/** Where a manifest has what; -1 for a column that it does not have. */
interface ManifestColumns {
  readonly county: number;
  readonly tabulator: number;
  readonly container: number;
  readonly name: number;
  readonly count: number;
  readonly location: number;
}

/** A row that adds up those above it. */
const TOTAL = /^(?:grand )?totals?:?$/i;

/** Number of Ballots, NumBallots, # of Ballot Cards … */
const COUNT = /^(?:#|no\.?|num(?:ber)?)?[\s_]*(?:of[\s_]*)?(?:ballots?|(?:ballot[\s_]*)?cards?)(?:[\s_]*count)?$/i;

function columnsOf(headings: readonly string[]): ManifestColumns {
  const columns = {
    county: columnOf(headings, "CountyID", "County", "County Name", "Jurisdiction", "Jurisdiction Name"),
    tabulator: columnOf(headings, "Tabulator", "ScannerID", "Scanner", "Tabulator ID", "Device ID"),
    container: columnOf(headings, "Container"),
    name: columnOf(headings, "Batch Name", "BatchID", "Batch", "Batch Number"),
    count: headings.findIndex((heading) => COUNT.test(heading.trim())),
    location: columnOf(headings, "StorageLocation", "Location", "Locations"),
  };
  if (columns.name >= 0 && columns.count >= 0) return columns;
  // Colorado's audit software takes the columns by their order, so its counties head them as they like.
  const [county = "", , batch = "", count = ""] = headings;
  const isOrdered = /^\s*county/i.test(county) && /batch/i.test(batch) && /ballot|card|count/i.test(count);
  return isOrdered ? { county: 0, tabulator: 1, container: -1, name: 2, count: 3, location: 4 } : columns;
}

/** Whether a file with these headings is a manifest. */
export function isManifest(headings: readonly string[]): boolean {
  const { name, count } = columnsOf(headings);
  return name >= 0 && count >= 0;
}

/**
 * Reads a ballot manifest as CSV: Arlo's (`Container`, `Tabulator`, both optional, `Batch Name`, `Number of Ballots`),
 * or Colorado's (`CountyID`, `ScannerID`, `BatchID`, `NumBallots`, `StorageLocation`, in this order under whatever
 * headings; rule 25.2.2 of the Secretary of State's election rules). A manifest says how many cards there are, so a row that cannot be read, or a batch that
 * stands twice, is the file's fault and never passed over; a row that adds up those above must do so.
 */
export async function readManifest(file: InputFile): Promise<Result<BallotManifest, ReadFault>> {
  const read = await headedRows(file);
  if (!read.ok) return read;
  const { headings, rows } = read.value;
  const columns = columnsOf(headings);
  if (columns.name < 0 || columns.count < 0) {
    const missing = columns.name < 0 ? "Batch Name (or BatchID)" : "Number of Ballots (or NumBallots)";
    return refuse(file.name, 1, "bad-header", `has no column ${missing}; add it`);
  }
  const batches: ManifestBatch[] = [];
  const lines = new Map<string, number>();
  let cards = 0;
  for (const { line, cells } of rows) {
    const cell = (at: number): string | undefined => (at < 0 || cells[at] === "" ? undefined : cells[at]);
    const [name, count = ""] = [cell(columns.name), cell(columns.count)];
    const size = wholeCount(count);
    const isTotal = cells.some((text) => TOTAL.test(text)) && (name === undefined || TOTAL.test(name));
    if (isTotal && size === cards) continue;
    if (isTotal)
      return refuse(file.name, line, "bad-row", `says ${quote(count)} in all, the rows above sum to ${cards}`);
    if (name === undefined) return refuse(file.name, line, "bad-row", "names no batch; fill it in or remove the row");
    if (size === undefined) return noCount(file.name, line, headings[columns.count] ?? "", count);
    const [tabulator, container, county] = [cell(columns.tabulator), cell(columns.container), cell(columns.county)];
    const front = tabulator ?? container;
    const batch = front === undefined ? name : batchName(front, name);
    const key = `${county ?? ""}\n${batch}`;
    const known = lines.get(key);
    if (known !== undefined) {
      const message = `the batch ${quote(batch)} stands on line ${known} already; give batches names of their own`;
      return refuse(file.name, line, "duplicate-id", message);
    }
    lines.set(key, line);
    cards += size;
    if (cards > LIMITS.cards)
      return refuse(file.name, line, "too-large", `comes to more than ${LIMITS.cards} cards; mend the number`);
    batches.push({ batch, name, tabulator, container, location: cell(columns.location), county, cards: size, line });
  }
  return ok({ format: columnOf(headings, "CountyID", "ScannerID") >= 0 ? "colorado" : "arlo", batches, cards });
}
