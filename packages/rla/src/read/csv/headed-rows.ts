import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { type ReadFault, refuse } from "../fault.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { readCsv } from "./read-csv.ts";

/** A row, with the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file whose first row names its columns. */
export interface HeadedRows {
  readonly headings: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** All rows but blank ones of a small CSV file; one that cannot be read is the file's fault. */
export async function csvRows(file: InputFile): Promise<Result<CsvRow[], ReadFault>> {
  const rows: CsvRow[] = [];
  for await (const read of readCsv(file)) {
    if (!read.ok) return read;
    const records = read.value;
    while (records.next()) {
      const { line, fault } = records;
      if (fault !== undefined) return refuse(file.name, line, fault.code, fault.message);
      const cells = records.texts();
      if (cells.some((cell) => cell !== "")) rows.push({ line, cells });
      if (rows.length > LIMITS.rows) return refuse(file.name, line, "too-many", `has more than ${LIMITS.rows} rows`);
    }
  }
  return ok(rows);
}

/** A small CSV file (a manifest, tallies, results) whole. */
export async function headedRows(file: InputFile): Promise<Result<HeadedRows, ReadFault>> {
  const read = await csvRows(file);
  if (!read.ok) return read;
  const [head, ...rows] = read.value;
  if (head === undefined) return refuse(file.name, 1, "bad-header", "is empty");
  return ok({ headings: head.cells, rows });
}

/** A column by any of its names, without regard to case, blanks and punctuation; -1 where there is none. */
export function columnOf(headings: readonly string[], ...names: readonly string[]): number {
  const wanted = names.map(plainHeading);
  return headings.findIndex((heading) => wanted.includes(plainHeading(heading)));
}

function plainHeading(text: string): string {
  return text.toLowerCase().replace(/[\s_.?-]+/g, "");
}

/** A number of votes or cards, perhaps written `1,234`; `undefined` for anything else. */
export function wholeCount(text: string): number | undefined {
  if (!/^(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})$/.test(text)) return undefined;
  return Number(text.replaceAll(",", ""));
}

export function noCount(file: string, line: number, column: string, text: string): Result<never, ReadFault> {
  return refuse(file, line, "bad-row", `column ${column} has ${quote(text)}, which is no whole number from 0`);
}
