import { parseTime, utcTime, zoneMinutes } from "@detente/intel/time";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WITH_MONTH_NAME =
  /(\d{1,2})[/-]([A-Za-z]{3})[/-](\d{4})[: ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?: ([+-]\d{4}))?/;
/** Of Apache's error log and of asctime: `Fri Sep 09 10:42:29.902022 2011`. */
const ASCTIME = /^\[?[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))? (\d{4})\b/;
/**
 * RFC 3164 §4.1.2, and what syslog daemons write to files: without the priority, perhaps with a fraction; with a year
 * where a device was told to (Cisco's `service timestamps log datetime year`).
 */
const RFC3164 = /^(?:<[0-9]{1,3}>)?([A-Z][a-z]{2}) ([ 0-3]\d) (?:(\d{4}) )?(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?[ :]/;
/** Local time may be ahead of UTC, as which it is read, by 14 hours, and a clock by some more. */
const AHEAD = 24 * 60 * 60 * 1000;
/** The 29th of February is in one of so many years (Gregorian: 1896, 1904). */
const YEARS = 9;
const FULL_DATE =
  /^(?:<[0-9]{1,3}>(?:[0-9] )?)?\[?([0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9:.,]{5,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)/i;

/**
 * Reads `10/Oct/2026:13:55:36 -0700` (access logs) and `01-May-2026 12:00:00.123` (BIND), the latter as UTC, as it
 * says no zone. Milliseconds since the epoch.
 */
export function parseNamedMonthTime(text: string): number | null {
  const parts = WITH_MONTH_NAME.exec(text);
  if (parts === null) return null;
  const [, day, month = "", year, hour, minute, second, fraction, zone] = parts;
  return namedMonthTime([year, month, day, hour, minute, second], fraction, zone);
}

/**
 * The time that a line begins with, milliseconds since the epoch: RFC 5424 after its priority, `2026/05/01 12:00:00`
 * of nginx's error log, that of Apache's, and their relatives. What says no zone is taken as UTC. RFC 3164 has no
 * year: see `latestYear`.
 * @param writtenBy when the line stood in its log at the latest; without it a time without a year is none
 */
export function parseLeadingTime(line: string, writtenBy: number | undefined): number | null {
  const full = FULL_DATE.exec(line)?.[1];
  if (full !== undefined) return parseTime(full.replaceAll("/", "-")) ?? null;
  const asctime = ASCTIME.exec(line);
  if (asctime !== null) {
    const [, month, day, hour, minute, second, fraction, year] = asctime;
    return namedMonthTime([year, month, day, hour, minute, second], fraction, undefined);
  }
  const syslog = RFC3164.exec(line);
  if (syslog === null) return null;
  const [, month, day, year, hour, minute, second, fraction] = syslog;
  const inYear = (name: string): number | null => namedMonthTime([name, month, day, hour, minute, second], fraction);
  if (year !== undefined) return inYear(year);
  return writtenBy === undefined ? null : latestYear(inYear, writtenBy);
}

/** The time in the latest year in which it was not yet to come when its line was written. */
function latestYear(inYear: (year: string) => number | null, writtenBy: number): number | null {
  const latest = new Date(writtenBy + AHEAD).getUTCFullYear();
  for (let year = latest; year > latest - YEARS; year--) {
    const time = inYear(String(year));
    if (time !== null && time <= writtenBy + AHEAD) return time;
  }
  return null;
}

/** @param fields year, name of the month, day, hour, minute, second */
export function namedMonthTime(fields: readonly (string | undefined)[], fraction = "", zone = ""): number | null {
  const numbers = fields.map((field, i) => (i === 1 ? MONTHS.indexOf((field ?? "").toLowerCase()) + 1 : Number(field)));
  return utcTime(numbers, Number(fraction.slice(0, 3).padEnd(3, "0")), zoneMinutes(zone)) ?? null;
}
