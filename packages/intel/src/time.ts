const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i;
const EPOCH = /^(\d{9,10})(?:\.\d{1,9})?$|^(\d{12,13})$/;

/**
 * Reads a time as milliseconds since the epoch, rounded down: RFC 3339 and its near relatives (a blank for the T,
 * `+0200`, a date alone, no zone meaning UTC), seconds since the epoch with or without a fraction, milliseconds.
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  const epoch = EPOCH.exec(trimmed);
  if (epoch !== null) return epoch[2] === undefined ? Math.floor(Number(trimmed) * 1000) : Number(trimmed);
  const parts = RFC3339.exec(trimmed);
  if (parts === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = parts;
  return utcTime(
    [year, month, day, hour, minute, second].map(Number),
    Number(fraction.slice(0, 3).padEnd(3, "0")),
    zoneMinutes(zone),
  );
}

/**
 * Milliseconds since the epoch of a date and time of the proleptic Gregorian calendar, `undefined` if there is none.
 * @param fields year, month (1–12), day, hour, minute, second (60 is a leap second: the next minute's first)
 * @param zone minutes east of UTC
 */
export function utcTime(fields: readonly number[], millisecond: number, zone: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 60) return undefined;
  const time = midnight + ((hour * 60 + minute - zone) * 60 + second) * 1000 + millisecond;
  return time >= 0 ? time : undefined;
}

/** Minutes east of UTC of `+0200`, `-07:00`, `Z`. */
export function zoneMinutes(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === "-" ? -minutes : minutes;
}
