import { namedMonthTime } from "../formats/clock.ts";

/** RFC 5322 §3.3, with the years and zones of §4.3. */
const DATE =
  /(?:^|[\s,])(\d{1,2})[ \t]+([A-Za-z]{3})[ \t]+(\d{2,4})[ \t]+(\d{2}):(\d{2})(?::(\d{2}))?(?:[ \t]+([+-]\d{4}|[A-Za-z]{3}\b))?/;
/** The names of zones that mean an offset; all others say nothing and are taken for UTC (§4.3). */
const ZONES: Readonly<Record<string, string>> = {
  EDT: "-0400",
  EST: "-0500",
  CDT: "-0500",
  CST: "-0600",
  MDT: "-0600",
  MST: "-0700",
  PDT: "-0700",
  PST: "-0800",
};
/** The date of a mailbox's `From ` line: asctime (RFC 4155 appendix A), a zone before the year left aside. */
const ASCTIME = /\b([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2})(?::(\d{2}))?(?: [A-Z]{3,4}| ([+-]\d{4}))? (\d{4})\b/;

/** Reads the date of a header field, milliseconds since the epoch. */
export function parseMailTime(text: string): number | null {
  const parts = DATE.exec(text.slice(0, 200));
  if (parts === null) return null;
  const [, day, month, year = "", hour, minute, second = "0", zone = ""] = parts;
  return namedMonthTime([wholeYear(year), month, day, hour, minute, second], "", ZONES[zone.toUpperCase()] ?? zone);
}

/** Two digits below 50 are of this century; other two or three count from 1900 (RFC 5322 §4.3). */
function wholeYear(year: string): string {
  if (year.length === 4) return year;
  return String(Number(year) + (year.length === 2 && Number(year) < 50 ? 2000 : 1900));
}

/** Reads the date of a mailbox's `From ` line, milliseconds since the epoch. */
export function parseMailboxTime(line: string): number | null {
  const parts = ASCTIME.exec(line.slice(0, 500));
  if (parts === null) return null;
  const [, month, day, hour, minute, second = "0", zone, year] = parts;
  return namedMonthTime([year, month, day, hour, minute, second], "", zone);
}
