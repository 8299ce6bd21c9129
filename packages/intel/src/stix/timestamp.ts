const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?Z$/;
/** More digits than any clock has; whoever writes more wants something else. */
const MAX_TIMESTAMP = 40;

/** Whether a text is a STIX timestamp: RFC 3339 in UTC with an upper-case T and Z and any fraction (STIX 2.1 §2.16). */
export function isTimestamp(text: string): boolean {
  const parts = text.length > MAX_TIMESTAMP ? null : TIMESTAMP.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && hour < 24 && minute < 60 && second <= 60;
}

/**
 * Orders two STIX timestamps by the moment that they name, to their last digit; `…00Z` and `…00.000Z` are one moment.
 * Milliseconds of a JavaScript date would make two revisions within one millisecond equal.
 */
export function compareTimestamps(a: string, b: string): number {
  const left = sortableTimestamp(a);
  const right = sortableTimestamp(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Milliseconds since 1970 of a STIX timestamp, rounded down; negative before. */
export function timestampMillis(text: string): number {
  const [seconds = "", fraction = ""] = text.slice(0, -1).split(".");
  const isLeap = seconds.endsWith(":60");
  const whole = Date.parse(`${isLeap ? `${seconds.slice(0, -2)}59` : seconds}Z`) + (isLeap ? 1000 : 0);
  return whole + Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/** A STIX timestamp as a text of which the later moment's is the greater, byte by byte, to the last digit. */
export function sortableTimestamp(text: string): string {
  const moment = text.slice(0, -1);
  return moment.includes(".") ? moment.replace(/\.?0+$/, "") : moment;
}
