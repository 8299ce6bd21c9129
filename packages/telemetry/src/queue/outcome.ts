import { canonicalJsonBytes, err, type Fault, type Json, ok, parseCanonicalJson, type Result } from "@detente/basics";
import { type FlagCode, LOG_FORMATS, type ScreeningSummary } from "@detente/screen";
import { isCount, isDigest, isIn, isNamed, isObject, isText, isTime } from "./forms.ts";

/** What a worker saw of a segment. Lines are counted from the segment's beginning. */
export type RangeSummary = Omit<ScreeningSummary<never>, "name" | "byIndicator">;

/** What became of a segment: screened, or given up with a reason for people. */
export type Outcome = Screened | GivenUp;

export interface Screened {
  readonly worker: string;
  readonly summary: RangeSummary;
  /** The digest of the hits' lines. */
  readonly hits: string;
}

export interface GivenUp {
  readonly worker: string;
  readonly reason: string;
}

const MAX_NAME = 128;
const MAX_REASON = 1024;
const FLAGS: Readonly<Record<FlagCode, true>> = {
  "long-line": true,
  "invalid-utf8": true,
  "not-in-format": true,
  "utf-16": true,
  "long-part": true,
  "deep-nesting": true,
  "bad-encoding": true,
  "unknown-charset": true,
  "bad-frame": true,
};

export function isGivenUp(outcome: Outcome): outcome is GivenUp {
  return "reason" in outcome;
}

export function outcomeBytes(outcome: Outcome): Uint8Array {
  return canonicalJsonBytes(outcome as unknown as Json);
}

export function givenUp(worker: string, reason: string): GivenUp {
  return { worker, reason: reason.slice(0, MAX_REASON).replace(/\p{Surrogate}/gu, "\ufffd") };
}

/** Reads what a worker reported. */
export function parseOutcome(bytes: Uint8Array): Result<Outcome, Fault<"malformed">> {
  const json = parseCanonicalJson(bytes);
  if (!json.ok) return err("malformed", json.fault.message);
  const { value } = json;
  if (!isObject(value) || !isText(value["worker"], MAX_NAME)) return err("malformed", "no worker is named");
  const { worker, reason, summary, hits } = value;
  if (isText(reason, MAX_REASON)) return ok({ worker, reason });
  if (!isDigest(hits) || !isObject(summary) || !isSummary(summary)) return err("malformed", "not of a report's form");
  return ok({ worker, summary: summary as unknown as RangeSummary, hits });
}

function isSummary({ format, lines, bytes, hits, flags, from, to }: Readonly<Record<string, unknown>>): boolean {
  return (
    (format === null || isIn(LOG_FORMATS, format)) &&
    [lines, bytes, hits].every(isCount) &&
    Array.isArray(flags) &&
    flags.length <= Object.keys(FLAGS).length &&
    flags.every(
      (flag) => isObject(flag) && isNamed(FLAGS, flag["code"]) && isCount(flag["count"]) && isCount(flag["line"]),
    ) &&
    isTime(from) &&
    isTime(to)
  );
}
