import { err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import type { Hit, HitClass } from "@detente/screen";
import { isCount, isNamed, isObject, isTime } from "./forms.ts";

/**
 * A hit as it travels: its indicator by the place in the list, its line counted from the segment's beginning. Never the
 * text around it: lines of logs stay where the logs are.
 */
export type QueuedHit = Omit<Hit<never>, "indicator" | "context"> & { readonly indicator: number };

/** One hit as a line of JSON, with its end. */
export function hitBytes(hit: QueuedHit): Uint8Array {
  return utf8(`${JSON.stringify(hit)}\n`);
}

/**
 * Reads a line of hits from the queue.
 * @param indicators how many there are
 * @param lines how many lines the segment has
 */
export function parseHit(line: Uint8Array, indicators: number, lines: number): Result<QueuedHit, Fault<"malformed">> {
  const value = parseJson(line);
  if (!isObject(value)) return err("malformed", "a hit is no object");
  const wrong = Object.entries(FORM).find(([name, isRight]) => !isRight(value[name]))?.[0];
  if (wrong !== undefined) return err("malformed", `a hit's "${wrong}" is not of its form`);
  if (!Object.keys(value).every((name) => isNamed(FORM, name))) return err("malformed", "a hit with unknown members");
  const hit = value as unknown as QueuedHit;
  if (hit.indicator >= indicators) return err("malformed", "a hit of no indicator");
  if (hit.line > lines) return err("malformed", "a hit outside of its segment");
  return ok(hit);
}

const CLASSES: Readonly<Record<HitClass, true>> = {
  "exact-field": true,
  subdomain: true,
  cidr: true,
  url: true,
  embedded: true,
};

const FORM: { readonly [Member in keyof Required<QueuedHit>]: (value: unknown) => boolean } = {
  indicator: isCount,
  line: (value) => isCount(value) && value > 0,
  column: (value) => isCount(value) && value > 0,
  field: (value) => typeof value === "string",
  time: isTime,
  class: (value) => isNamed(CLASSES, value),
  match: (value) => typeof value === "string",
  message: (value) => value === undefined || (isCount(value) && value > 0),
};

function parseJson(line: Uint8Array): unknown {
  const text = utf8Decode(line);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
