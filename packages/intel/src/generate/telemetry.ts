import type { IndicatorKind } from "@detente/record";
import type { Item } from "../item.ts";
import { generateDnsLog } from "./dns-log.ts";
import { generateAccessLog } from "./access-log.ts";
import { generateEveJson } from "./eve-json.ts";

/** A hit that was planted in a generated log: what an exact screening finds, no more and no less. */
export interface Planted {
  /** From 1. */
  readonly line: number;
  readonly field: string;
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly class: "exact-field" | "subdomain" | "cidr" | "url" | "embedded";
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface GeneratedLog {
  readonly name: "dns.log" | "access.log" | "eve.json";
  readonly text: string;
  /** Ordered by line. */
  readonly planted: readonly Planted[];
}

export interface TelemetryOptions {
  readonly seed: string;
  /** Indicators to plant; those that were generated, or others that do not cover one another. */
  readonly items: readonly Item[];
  /** Lines of each log. */
  readonly lines: number;
  /** Lines among 1,000 that carry an indicator; as many again carry a near miss. */
  readonly hitsPerMille: number;
  /** When the logs begin, milliseconds since the epoch. */
  readonly start: number;
}

/** Makes up a Zeek dns.log, an nginx access log and a Suricata eve.json of one morning, with the truth about them. */
export function generateTelemetry(options: TelemetryOptions): GeneratedLog[] {
  return [generateDnsLog(options), generateAccessLog(options), generateEveJson(options)];
}
