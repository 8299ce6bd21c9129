import { childText, childOf } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/xml-parser.ts";
import { richText } from "./rich-text.ts";

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly strings: readonly string[];
  /** Numbers of the styles that show dates. */
  readonly dateStyles: ReadonlySet<number>;
  /** Whether days are counted from 1904. */
  readonly isFrom1904: boolean;
}

/** The column, from 0, of a reference such as `AB12`; `undefined` where it is none. */
export function columnIn(reference: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 0x40);
  return column - 1;
}

/**
 * The text of a cell as a CSV export would have it (ECMA-376 part 1, §18.3.1.4 and §18.18.11): numbers in full, dates as
 * ISO 8601. `undefined` where it refers to a string that is not there.
 */
export function cellText(cell: XmlElement, { strings, dateStyles, isFrom1904 }: CellContext): string | undefined {
  const value = childText(cell, "v");
  switch (cell.attributes.get("t") ?? "n") {
    case "s":
      return /^\d{1,9}$/.test(value) ? strings[Number(value)] : undefined;
    case "inlineStr": {
      const inline = childOf(cell, "is");
      return inline === undefined ? "" : richText(inline);
    }
    case "b":
      return value === "1" ? "TRUE" : "FALSE";
    case "n":
      if (value === "" || !dateStyles.has(Number(cell.attributes.get("s") ?? "0"))) return numberText(value);
      return dateText(Number(value), isFrom1904) ?? value;
    default:
      return value;
  }
}

/** As it stands where it is whole; `1E3` and the like written out. */
function numberText(value: string): string {
  if (/^-?\d*$/.test(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) ? String(number) : value;
}

const DAY = 86_400_000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** 9999-12-31, the last day of a sheet. */
const LAST_DAY = 2_958_466;
/** Excel takes 1900 for a leap year: days before its 29 February are one further on (§18.17.4.1). */
const LEAP_DAY = 60;

function dateText(serial: number, isFrom1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < LAST_DAY)) return undefined;
  const days = !isFrom1904 && serial < LEAP_DAY ? serial + 1 : serial;
  const at = (isFrom1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(days * 86_400) * 1000;
  const [date = "", time = ""] = new Date(at).toISOString().slice(0, 19).split("T");
  if (serial < 1) return time;
  return at % DAY === 0 ? date : `${date} ${time}`;
}
