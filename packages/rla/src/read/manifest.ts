import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel";
import { batchName } from "./batch-name.ts";
import { columnOf, headedRows, noCount, wholeCount } from "./csv/headed-rows.ts";
import { type ReadFault, refuse } from "./fault.ts";
import type { InputFile } from "./input.ts";

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

const COUNT = [
  "Number of Ballots",
  "NumBallots",
  "# of Ballots",
  "Ballots",
  "Ballot Count",
  "# Ballots",
  "Num Ballot Cards",
];

/** A row that adds up those above it. */
const TOTAL = /^(?:grand )?totals?:?$/i;

/**
 * Reads a ballot manifest as CSV: Arlo's (`Container`, `Tabulator`, both optional, `Batch Name`, `Number of Ballots`),
 * or Colorado's (`CountyID`, `ScannerID`, `BatchID`, `NumBallots`, `StorageLocation`; rule 25.2.2 of the Secretary of
 * State's election rules). A manifest says how many cards there are, so a row that cannot be read, or a batch that
 * stands twice, is the file's fault and never passed over; a row that adds up those above must do so.
 */
export async function readManifest(file: InputFile): Promise<Result<BallotManifest, ReadFault>> {
  const read = await headedRows(file);
  if (!read.ok) return read;
  const { headings, rows } = read.value;
  const nameAt = columnOf(headings, "Batch Name", "BatchID", "Batch", "Batch Number");
  const countAt = columnOf(headings, ...COUNT);
  if (nameAt < 0 || countAt < 0) {
    const missing = nameAt < 0 ? "Batch Name (or BatchID)" : "Number of Ballots (or NumBallots)";
    return refuse(file.name, 1, "bad-header", `has no column ${missing}; add it`);
  }
  const tabulatorAt = columnOf(headings, "Tabulator", "ScannerID", "Scanner", "Tabulator ID", "Device ID");
  const containerAt = columnOf(headings, "Container");
  const locationAt = columnOf(headings, "StorageLocation", "Location");
  const countyAt = columnOf(headings, "CountyID", "County", "County Name", "Jurisdiction", "Jurisdiction Name");
  const batches: ManifestBatch[] = [];
  const lines = new Map<string, number>();
  let cards = 0;
  for (const { line, cells } of rows) {
    const cell = (at: number): string | undefined => (at < 0 || cells[at] === "" ? undefined : cells[at]);
    const [name, count = ""] = [cell(nameAt), cell(countAt)];
    const size = wholeCount(count);
    const isTotal = cells.some((text) => TOTAL.test(text)) && (name === undefined || TOTAL.test(name));
    if (isTotal && size === cards) continue;
    if (isTotal)
      return refuse(file.name, line, "bad-row", `says ${quote(count)} in all, the rows above sum to ${cards}`);
    if (name === undefined) return refuse(file.name, line, "bad-row", "names no batch; fill it in or remove the row");
    if (size === undefined) return noCount(file.name, line, headings[countAt] ?? "", count);
    const [tabulator, container, county] = [cell(tabulatorAt), cell(containerAt), cell(countyAt)];
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
    batches.push({ batch, name, tabulator, container, location: cell(locationAt), county, cards: size, line });
  }
  return ok({ format: columnOf(headings, "CountyID", "ScannerID") >= 0 ? "colorado" : "arlo", batches, cards });
}
