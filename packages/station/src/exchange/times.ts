import { timestampMillis } from "@detente/intel";

/** Microseconds since 1970 of a timestamp in UTC, further digits dropped. */
export function microsecondsOf(timestamp: string): number {
  const [, fraction = ""] = timestamp.slice(0, -1).split(".");
  return timestampMillis(timestamp) * 1000 + Number(fraction.slice(3, 6).padEnd(3, "0"));
}
