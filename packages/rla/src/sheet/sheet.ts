import type { SheetCard } from "./sample-cards.ts";

export interface SheetAbout {
  readonly title: string;
  /** Where the sample comes from: manifest, seed, rule of the draw, as lines of text. */
  readonly origin: readonly string[];
}

const COLUMNS = ["No.", "Batch", "Container", "Location", "Card", "Draws", "Ticket"];

function cellsOf({ batch, position, draws, ticket = "" }: SheetCard, at: number): string[] {
  const { batch: name, container = "", location = "" } = batch;
  return [String(at + 1), name, container, location, String(position), draws.join(" "), ticket];
}

/** The sheet as CSV, with columns to fill in. */
export function sheetCsv(cards: readonly SheetCard[]): string {
  return tableCsv([[...COLUMNS, "Found", "Remarks"], ...cards.map((card, at) => [...cellsOf(card, at), "", ""])]);
}

/**
 * Rows as CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP,
 * "CSV Injection"): names of batches are somebody else's words.
 */
export function tableCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The sheet as a page to print, with columns to fill in. */
export function sheetHtml(about: SheetAbout, cards: readonly SheetCard[]): string {
  return tablePage(about, [...COLUMNS, "Found", "Remarks"], cards.map(cellsOf));
}

/**
 * A table as a page to print: lines to sign on, nothing from elsewhere, and no program in it. Of the last two columns,
 * which are filled in by hand, the first has a box to tick.
 */
export function tablePage(about: SheetAbout, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}<td class="box">☐</td><td></td></tr>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(about.title)}</title>
<style>
@page { margin: 15mm }
body { font: 11pt sans-serif }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 1px solid #888; padding: 3pt 5pt; text-align: left; vertical-align: top }
.box { font-size: 14pt; text-align: center }
.sign { margin-top: 24pt; break-inside: avoid }
.sign p { border-top: 1px solid #000; margin-top: 32pt; width: 45% }
</style>
<h1>${escaped(about.title)}</h1>
${about.origin.map((line) => `<p>${escaped(line)}</p>`).join("\n")}
<table>
<thead><tr>${columns.map((name) => `<th>${escaped(name)}</th>`).join("")}</tr></thead>
<tbody>
${rows.map(row).join("\n")}
</tbody>
</table>
<div class="sign"><p>Board member, party, date</p><p>Board member, party, date</p></div>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
