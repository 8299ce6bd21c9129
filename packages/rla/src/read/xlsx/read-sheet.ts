import { ok, type Result, utf8 } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { childrenOf } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/xml-parser.ts";
import { type CellContext, cellText, columnIn } from "./cell.ts";
import { elementsOf } from "./parts.ts";
import { readWorkbook } from "./workbook.ts";

/**
 * The first sheet that a workbook (.xlsx, ECMA-376) shows, as the bytes of a CSV file: what reads tables as CSV reads
 * them so, too. A row stands on the line of its number. What a small file may grow to is limited: repeated strings and
 * far columns are how it would.
 */
export async function* sheetAsCsv(file: InputFile): AsyncGenerator<Result<Uint8Array, ReadFault>> {
  const workbook = await readWorkbook(file);
  if (!workbook.ok) return yield workbook;
  let lines = 0;
  let size = 0;
  for await (const read of elementsOf(file, workbook.value.sheet, ["row"])) {
    if (!read.ok) return yield read;
    const texts: string[] = [];
    for (const row of read.value) {
      const number = Number(row.attributes.get("r") ?? lines + 1);
      if (!Number.isInteger(number) || number <= lines || number > LIMITS.sheetRows) {
        return yield refuse(file.name, lines + 1, "bad-row", "is followed by a row that does not belong there");
      }
      const cells = cellsOf(row, workbook.value);
      if (cells === undefined) {
        return yield refuse(file.name, number, "bad-row", "has a cell that belongs nowhere, or refers to no string");
      }
      size += cells.reduce((sum, text) => sum + text.length + 1, number - lines);
      if (size > LIMITS.sheet) {
        const message = `the sheet has more than ${LIMITS.sheet} characters; save it as CSV`;
        return yield refuse(file.name, number, "too-large", message);
      }
      texts.push(`${"\n".repeat(number - lines - 1)}${cells.map(quoted).join(",")}\n`);
      lines = number;
    }
    yield ok(utf8(texts.join("")));
  }
}

/** The texts of a row's cells up to the last that is not empty; `undefined` where one is faulty. */
function cellsOf(row: XmlElement, context: CellContext): string[] | undefined {
  const cells: string[] = [];
  let next = 0;
  for (const cell of childrenOf(row, "c")) {
    const reference = cell.attributes.get("r");
    const column = reference === undefined ? next : columnIn(reference);
    const text = cellText(cell, context);
    if (column === undefined || column < next || column >= LIMITS.sheetColumns || text === undefined) return undefined;
    next = column + 1;
    if (text === "") continue;
    while (cells.length < column) cells.push("");
    cells.push(text);
  }
  return cells;
}

function quoted(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return /[",=]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}
