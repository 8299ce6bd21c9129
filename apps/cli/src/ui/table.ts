import type { Paint, Palette } from "./paint.ts";
import { plain } from "./text.ts";

export type Cell = string | number | { readonly text: string; readonly paint: Paint };

/** UTF-16 units: more than any cell of ours, less than what fills a screen. */
const MAX_CELL = 400;

/** Lines of a table, its columns aligned; numbers to the right. Whatever text stands in a cell is made printable. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[], palette: Palette): string[] {
  const head = header.map((text) => ({ text, paint: palette.faint }));
  const all = [head, ...rows];
  const widths = header.map((_, column) =>
    all.reduce((most, row) => Math.max(most, widthOf(textOf(row[column] ?? ""))), 0),
  );
  const isRight = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  return all.map((row) => {
    const cells = header.map((_, column) => {
      const cell = row[column] ?? "";
      const text = textOf(cell);
      const gap = " ".repeat((widths[column] ?? 0) - widthOf(text));
      const painted = typeof cell === "object" ? cell.paint(text) : text;
      return isRight[column] === true ? gap + painted : painted + gap;
    });
    return cells.join("  ").trimEnd();
  });
}

function textOf(cell: Cell): string {
  return typeof cell === "number"
    ? cell.toLocaleString("en-US")
    : plain(typeof cell === "string" ? cell : cell.text, MAX_CELL);
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
