const RFC3339 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i;
const SECONDS = /^\d{9,10}(?:\.\d{1,9})?$/;
const MILLISECONDS = /^\d{12,13}$/;
const ZONE = /^[+-]\d{2}:?\d{2}$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/**
 * Reads a time as milliseconds since the epoch, rounded down: RFC 3339 and its near relatives (a blank for the T,
 * `+0200`, a date alone, no zone meaning UTC), seconds since the epoch with or without a fraction, milliseconds.
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (SECONDS.test(trimmed)) return Math.floor(Number(trimmed) * 1000);
  if (MILLISECONDS.test(trimmed)) return Number(trimmed);
  return RFC3339.test(trimmed) ? readRfc3339(trimmed) : undefined;
}

/** Digits by their places, as the form is fixed: every line of a log that hits comes here, and groups cost strings. */
function readRfc3339(text: string): number | undefined {
  const fields = [twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8), 0, 0, 0];
  if (text.length === "2026-05-01".length) return utcTime(fields, 0, 0);
  fields[3] = twoDigits(text, 11);
  fields[4] = twoDigits(text, 14);
  let at = "2026-05-01T12:00".length;
  let millisecond = 0;
  if (text[at] === ":") {
    fields[5] = twoDigits(text, at + 1);
    at += 3;
    if (text[at] === "." || text[at] === ",") {
      for (let scale = 100; isDigit(text, ++at); scale /= 10) {
        if (scale >= 1) millisecond += scale * (text.charCodeAt(at) - ZERO);
      }
    }
  }
  return utcTime(fields, millisecond, zoneMinutes(text.slice(at).trim()));
}

/**
 * Milliseconds since the epoch of a date and time of the proleptic Gregorian calendar, `undefined` if there is none.
 * @param fields year, month (1–12), day, hour, minute, second (60 is a leap second: the next minute's first)
 * @param zone minutes east of UTC
 */
export function utcTime(fields: readonly number[], millisecond: number, zone: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!exists || hour > 23 || minute > 59 || second > 60) return undefined;
  const days = daysBefore(year, month) - daysBefore(1970, 1) + day - 1;
  const time = (((days * 24 + hour) * 60 + minute - zone) * 60 + second) * 1000 + millisecond;
  return time >= 0 ? time : undefined;
}

/** Minutes east of UTC of `+0200`, `-07:00`, `Z`. */
export function zoneMinutes(zone: string): number {
  if (!ZONE.test(zone)) return 0;
  const minutes = twoDigits(zone, 1) * 60 + twoDigits(zone, zone.length - 2);
  return zone.startsWith("-") ? -minutes : minutes;
}

function daysInMonth(year: number, month: number): number {
  return daysBefore(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1) - daysBefore(year, month);
}

/** Days from some day on to the first of a month; years have a leap day by the Gregorian rule. */
function daysBefore(year: number, month: number): number {
  const lastLeap = month > 2 ? year : year - 1;
  const leapDays = Math.floor(lastLeap / 4) - Math.floor(lastLeap / 100) + Math.floor(lastLeap / 400);
  return 365 * year + leapDays + (DAYS_BEFORE_MONTH[month - 1] as number);
}

const ZERO = 0x30;

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= ZERO + 9;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
