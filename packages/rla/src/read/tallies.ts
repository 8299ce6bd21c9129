import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { batchName } from "./batch-name.ts";
import { columnOf, headedRows, noCount, wholeCount } from "./csv/headed-rows.ts";
import { type ReadFault, refuse } from "./fault.ts";
import type { InputFile } from "./input.ts";

export interface BatchTally {
  /** As in the manifest. */
  readonly batch: string;
  /** Without a tabulator or container before it. */
  readonly name: string;
  readonly county: string | undefined;
  /** Votes of each choice, in the order of `choices`. */
  readonly votes: readonly number[];
  readonly line: number;
}

export interface BatchTallies {
  /** The headings of the columns with votes: choices, in files on several contests `contest - choice`. */
  readonly choices: readonly string[];
  readonly batches: readonly BatchTally[];
}

/**
 * Reads the votes of each batch as CSV, as Arlo takes them for batch comparison: `Batch Name` (before it perhaps
 * `Container` or `Tabulator`), then a column for each choice. A row that cannot be read is the file's fault.
 */
export async function readTallies(file: InputFile): Promise<Result<BatchTallies, ReadFault>> {
  const read = await headedRows(file);
  if (!read.ok) return read;
  const { headings, rows } = read.value;
  const nameAt = columnOf(headings, "Batch Name", "BatchID", "Batch");
  if (nameAt < 0) return refuse(file.name, 1, "bad-header", "has no column Batch Name; add it");
  const frontAt = columnOf(headings, "Tabulator", "ScannerID", "Container");
  const countyAt = columnOf(headings, "Jurisdiction", "Jurisdiction Name", "County", "County Name");
  const places = [nameAt, frontAt, countyAt];
  const columns = headings.flatMap((heading, i) => (places.includes(i) || heading === "" ? [] : [i]));
  const choices = columns.map((i) => headings[i] as string);
  const twice = choices.find((choice, i) => choices.indexOf(choice) < i);
  if (twice !== undefined || choices.length === 0) {
    const message = twice === undefined ? "has no column with votes" : `the choice ${quote(twice)} stands twice`;
    return refuse(file.name, 1, "bad-header", message);
  }
  const lines = new Map<string, number>();
  const batches: BatchTally[] = [];
  for (const { line, cells } of rows) {
    const name = cells[nameAt] ?? "";
    if (name === "") return refuse(file.name, line, "bad-row", "names no batch; fill it in or remove the row");
    const front = frontAt < 0 ? "" : (cells[frontAt] ?? "");
    const batch = front === "" ? name : batchName(front, name);
    const county = cells[countyAt] || undefined;
    const known = lines.get(`${county ?? ""}\n${batch}`);
    if (known !== undefined) {
      return refuse(file.name, line, "duplicate-id", `the batch ${quote(batch)} stands on line ${known} already`);
    }
    lines.set(`${county ?? ""}\n${batch}`, line);
    const votes: number[] = [];
    for (const at of columns) {
      const count = wholeCount(cells[at] ?? "");
      if (count === undefined) return noCount(file.name, line, headings[at] ?? "", cells[at] ?? "");
      votes.push(count);
    }
    batches.push({ batch, name, county, votes, line });
  }
  return ok({ choices, batches });
}
