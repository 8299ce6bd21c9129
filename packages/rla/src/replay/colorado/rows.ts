import { ok, type Result } from "@detente/basics";
import { columnOf, headedRows } from "../../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";

/** A cell of a row by any of the names of its column; empty where there is none. */
export type Cell = (...names: readonly string[]) => string;
export type Read<T> = Promise<Result<T[], ReadFault>>;

/** Each row of a file, by the names of its columns; those in `needed` it must have. */
export async function rowsOf<T>(
  file: InputFile,
  needed: readonly (readonly string[])[],
  read: (cell: Cell, line: number) => Result<T, ReadFault>,
): Read<T> {
  const table = await headedRows(file);
  if (!table.ok) return table;
  const { headings, rows } = table.value;
  const missing = needed.find((names) => columnOf(headings, ...names) < 0);
  if (missing !== undefined) return refuse(file.name, 1, "bad-header", `has no column ${missing[0]}; add it`);
  // Exports have a hundred thousand rows: a column is looked for once.
  const columns = new Map<string, number>();
  const columnAt = (names: readonly string[]): number => {
    const [first = ""] = names;
    const at = columns.get(first) ?? columnOf(headings, ...names);
    columns.set(first, at);
    return at;
  };
  const values: T[] = [];
  for (const { line, cells } of rows) {
    const one = read((...names) => cells[columnAt(names)] ?? "", line);
    if (!one.ok) return one;
    values.push(one.value);
  }
  return ok(values);
}
