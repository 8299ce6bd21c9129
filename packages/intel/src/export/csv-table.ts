import type { BlockList, Entry } from "./block-list.ts";
import { instant, joinLines, provenanceOf, reasonOf, type Rendering } from "./rendering.ts";

const COLUMNS = ["kind", "value", "confidence", "expires", "source", "reason", "serial"];

/** CSV (RFC 4180, with line feeds): a heading, then a row for each indicator. */
export function renderCsv(list: BlockList): Rendering {
  const rows = list.entries.map((entry) => rowOf(entry, list.serial).map(cell).join(","));
  return { files: [{ name: "detente.csv", text: joinLines([COLUMNS.join(",")], rows) }], leftOut: [] };
}

function rowOf(entry: Entry, serial: number): string[] {
  const stated = entry.grounds.flatMap(({ item }) => item.confidence ?? []);
  const confidence = stated.length === 0 ? "" : String(Math.max(...stated));
  return [
    entry.kind,
    entry.value,
    confidence,
    instant(entry.expires),
    provenanceOf(entry),
    reasonOf(entry),
    String(serial),
  ];
}

/** A spreadsheet takes what begins like these for a formula (OWASP, "CSV Injection"); an apostrophe makes it text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",'\n\r]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
