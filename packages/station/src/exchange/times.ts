/** Microseconds since 1970 of a timestamp in UTC, further digits dropped. */
export function microsecondsOf(timestamp: string): number {
  const [seconds = "", fraction = ""] = timestamp.slice(0, -1).split(".");
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}
