import { type Bytes, fromHex, toHex, utf8, utf8Decode } from "@detente/basics";
import type { ValueRange } from "../search-ports.ts";
import { hostKey } from "./host-key.ts";
import type { Condition } from "./index-reader.ts";
import { LAST_CODE_POINT, quotedText } from "./item-condition.ts";

/** Where values are looked for, under which condition, and the column that they are sorted by: that of the index. */
interface Range extends Condition {
  readonly from: string;
  readonly key: string;
  readonly order: string;
}

const VALUES = "item_values AS v";
const TEXTS = "value_text JOIN item_values AS v ON v.id = value_text.rowid";

export function rangeOf(range: ValueRange): Range {
  if ("inside" in range) {
    // SQLite ends some texts at a NUL; no value has one.
    const text = quotedText(range.inside.replaceAll("\0", "\ufffd"));
    const key = "value_text.rowid";
    return { from: TEXTS, key, order: key, sql: "v.standing > 0 AND value_text MATCH ?", values: [text] };
  }
  if ("under" in range) {
    const prefix = hostKey(range.under);
    const sql = "v.standing > 0 AND v.host IS NOT NULL AND v.host >= ? AND v.host < ?";
    return { from: VALUES, key: "v.host", order: "v.host, v.id", sql, values: [prefix, prefix + LAST_CODE_POINT] };
  }
  const sql = "v.standing > 0 AND v.address IS NOT NULL AND v.address BETWEEN ? AND ?";
  return { from: VALUES, key: "v.address", order: "v.address, v.id", sql, values: [range.first, range.last] };
}

export interface Cursor {
  readonly id: number;
  readonly key: string | number | Bytes;
}

/** The last row's place in the index, whatever becomes of the row itself: its id, and what it was sorted by. */
export function writeCursor({ id, key }: Cursor): string {
  if (typeof key === "number") return `${id}`;
  return typeof key === "string" ? `${id}t${toHex(utf8(key))}` : `${id}b${toHex(key)}`;
}

export function readCursor(text: string | undefined): Cursor | "start" | undefined {
  if (text === undefined) return "start";
  const [, digits = "", form, hex = ""] = /^([1-9][0-9]{0,14})(?:([tb])((?:[0-9a-f]{2}){1,1100}))?$/.exec(text) ?? [];
  const id = Number(digits);
  if (digits === "") return undefined;
  if (form === undefined) return { id, key: id };
  const bytes = fromHex(hex);
  const key = form === "t" ? utf8Decode(bytes ?? new Uint8Array(0)) : bytes;
  return key === undefined ? undefined : { id, key };
}
