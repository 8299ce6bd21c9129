import { utcTime, zoneMinutes } from "@detente/intel";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WITH_MONTH_NAME =
  /(\d{1,2})[/-]([A-Za-z]{3})[/-](\d{4})[: ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?: ([+-]\d{4}))?/;

/**
 * Reads `10/Oct/2026:13:55:36 -0700` (access logs) and `01-May-2026 12:00:00.123` (BIND), the latter as UTC, as it
 * says no zone. Milliseconds since the epoch.
 */
export function parseNamedMonthTime(text: string): number | null {
  const parts = WITH_MONTH_NAME.exec(text);
  if (parts === null) return null;
  const [, day, name = "", year, hour, minute, second, fraction = "", zone = ""] = parts;
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  const fields = [Number(year), month, ...[day, hour, minute, second].map(Number)];
  return utcTime(fields, Number(fraction.slice(0, 3).padEnd(3, "0")), zoneMinutes(zone)) ?? null;
}
