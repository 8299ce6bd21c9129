import { namedMonthTime } from "../formats/clock.ts";

/** RFC 5322 §3.3 with the zones of §4.3 that mean UTC; other names of zones are taken for UTC as well (§4.3). */
const DATE =
  /(?:^|[\s,])(\d{1,2})[ \t]+([A-Za-z]{3})[ \t]+(\d{4})[ \t]+(\d{2}):(\d{2})(?::(\d{2}))?(?:[ \t]+([+-]\d{4}))?/;
/** The date of a mailbox's `From ` line: asctime (RFC 4155 appendix A), a zone before the year left aside. */
const ASCTIME = /\b([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2})(?::(\d{2}))?(?: [A-Z]{3,4}| ([+-]\d{4}))? (\d{4})\b/;

/** Reads the date of a header field, milliseconds since the epoch. */
export function parseMailTime(text: string): number | null {
  const parts = DATE.exec(text.slice(0, 200));
  if (parts === null) return null;
  const [, day, month, year, hour, minute, second = "0", zone] = parts;
  return namedMonthTime([year, month, day, hour, minute, second], "", zone);
}

/** Reads the date of a mailbox's `From ` line, milliseconds since the epoch. */
export function parseMailboxTime(line: string): number | null {
  const parts = ASCTIME.exec(line.slice(0, 500));
  if (parts === null) return null;
  const [, month, day, hour, minute, second = "0", zone, year] = parts;
  return namedMonthTime([year, month, day, hour, minute, second], "", zone);
}
