import type { ItemQuery } from "../index-ports.ts";
import type { Condition } from "./index-reader.ts";
import { reversed } from "./reversed.ts";

/** Shorter texts have no trigram, so nothing to look up. */
const TRIGRAM = 3;
/** Sorts behind every text that goes on after a prefix: SQLite compares UTF-8 byte by byte. */
export const LAST_CODE_POINT = "\u{10ffff}";

/** The condition on `item_values AS v` that finds values by text, through the index that fits. */
export function itemCondition(text: string, match: ItemQuery["match"]): Condition {
  // SQLite ends some texts at a NUL; no value has one.
  if (text.includes("\0")) return { sql: "FALSE", values: [] };
  switch (match) {
    case "exact":
      return { sql: "v.value = ?", values: [text] };
    case "prefix":
      return startsWith("v.value", text);
    case "suffix":
      return startsWith("v.reversed", reversed(text));
    case "substring":
      return contains(text);
  }
}

function startsWith(column: "v.value" | "v.reversed", prefix: string): Condition {
  return { sql: `${column} >= ? AND ${column} < ?`, values: [prefix, prefix + LAST_CODE_POINT] };
}

/** A text as FTS5 takes it just as it is (sqlite.org/fts5.html#fts5_strings), whatever it contains. */
export function quotedText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function contains(text: string): Condition {
  return Array.from(text).length >= TRIGRAM
    ? { sql: "v.id IN (SELECT rowid FROM value_text WHERE value_text MATCH ?)", values: [quotedText(text)] }
    : { sql: "instr(lower(v.value), lower(?)) > 0", values: [text] };
}
