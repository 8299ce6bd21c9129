import { ok, type Result } from "@detente/basics";
import { columnOf, type CsvRow, csvRows, type HeadedRows } from "../../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";

const HEADING = /^#{3,}\s*(.*?)\s*#{3,}$/;

/** The sections of an audit report of Arlo's by their headings, `######## ROUNDS ########`, each a table of its own. */
export async function arloSections(file: InputFile): Promise<Result<Map<string, HeadedRows>, ReadFault>> {
  const read = await csvRows(file);
  if (!read.ok) return read;
  const sections = new Map<string, CsvRow[]>();
  let current: CsvRow[] | undefined;
  for (const row of read.value) {
    const [, heading] = HEADING.exec(row.cells[0] ?? "") ?? [];
    if (heading !== undefined) sections.set(heading.toUpperCase(), (current = []));
    else if (current !== undefined) current.push(row);
    else return refuse(file.name, row.line, "unknown-format", "does not begin with a section of an Arlo report");
  }
  return ok(
    new Map(
      Array.from(sections, ([heading, [head, ...rows]]) => [heading, { headings: head?.cells ?? [], rows }] as const),
    ),
  );
}

/** Cells of a table by the name of their column. */
export class Table {
  readonly #table: HeadedRows;
  readonly #columns = new Map<string, number>();
  readonly #exact = new Map<string, number>();

  constructor(table: HeadedRows | undefined) {
    this.#table = table ?? { headings: [], rows: [] };
  }

  get rows(): readonly CsvRow[] {
    return this.#table.rows;
  }

  has(...names: readonly string[]): boolean {
    return this.#columnAt(names) >= 0;
  }

  /** Empty where there is no such column. */
  cell(row: CsvRow, ...names: readonly string[]): string {
    return row.cells[this.#columnAt(names)] ?? "";
  }

  /**
   * The cell of a column that a report has for each contest, or once where it has one contest. Names of contests are
   * taken to the letter: `District 1-1` is not `District 11`.
   */
  cellOf(row: CsvRow, contest: string, ...names: readonly string[]): string {
    const at = names.map((name) => this.#exactly(`${name}: ${contest}`)).find((column) => column >= 0);
    return at === undefined ? this.cell(row, ...names) : (row.cells[at] ?? "");
  }

  #exactly(heading: string): number {
    const at = this.#exact.get(heading) ?? this.#table.headings.indexOf(heading);
    this.#exact.set(heading, at);
    return at;
  }

  #columnAt(names: readonly string[]): number {
    const key = names.join("\n");
    const at = this.#columns.get(key) ?? columnOf(this.#table.headings, ...names);
    this.#columns.set(key, at);
    return at;
  }
}
