import type { ItemQuery } from "../ports.ts";
import type { Condition } from "./index-reader.ts";
import { reversed } from "./reversed.ts";

/** Shorter texts have no trigram, so nothing to look up. */
const TRIGRAM = 3;
/** Sorts behind every text that goes on after a prefix: SQLite compares UTF-8 byte by byte. */
const LAST_CODE_POINT = "\u{10ffff}";

/** The condition on `items` that finds values by text, through the index that fits. */
export function itemCondition(text: string, match: ItemQuery["match"]): Condition {
  // SQLite ends some texts at a NUL; no value has one.
  if (text.includes("\0")) return { sql: "FALSE", values: [] };
  switch (match) {
    case "exact":
      return { sql: "value = ?", values: [text] };
    case "prefix":
      return startsWith("value", text);
    case "suffix":
      return startsWith("reversed", reversed(text));
    case "substring":
      return contains(text);
  }
}

function startsWith(column: "value" | "reversed", prefix: string): Condition {
  return { sql: `${column} >= ? AND ${column} < ?`, values: [prefix, prefix + LAST_CODE_POINT] };
}

function contains(text: string): Condition {
  // A text in quotes is taken as it is (sqlite.org/fts5.html#fts5_strings), whatever it contains.
  const quoted = `"${text.replaceAll('"', '""')}"`;
  return Array.from(text).length >= TRIGRAM
    ? { sql: "id IN (SELECT rowid FROM item_text WHERE item_text MATCH ?)", values: [quoted] }
    : { sql: "instr(lower(value), lower(?)) > 0", values: [text] };
}
