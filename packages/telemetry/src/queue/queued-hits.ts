import { err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import type { Hit, HitClass } from "@detente/screen";
import { isCount, isIn, isTime } from "./forms.ts";

/** A hit as it travels: its indicator by the place in the list, its line counted from the segment's beginning. */
export type QueuedHit = Omit<Hit<never>, "indicator"> & { readonly indicator: number };

const CLASSES: readonly HitClass[] = ["exact-field", "subdomain", "cidr", "url", "embedded"];

/** One hit as a line of JSON, with its end. */
export function hitBytes(hit: QueuedHit): Uint8Array {
  const { indicator, line, column, field, time, class: as, match } = hit;
  return utf8(`${JSON.stringify([indicator, line, column, field, time, as, match])}\n`);
}

/**
 * Reads a line of hits from the queue.
 * @param indicators how many there are
 * @param lines how many lines the segment has
 */
export function parseHit(line: Uint8Array, indicators: number, lines: number): Result<QueuedHit, Fault<"malformed">> {
  const parts = parseArray(line);
  if (parts === undefined || parts.length !== 7) return err("malformed", "a hit is no list of seven");
  const [indicator, at, column, field, time, as, match] = parts;
  if (!isCount(indicator) || indicator >= indicators) return err("malformed", "a hit of no indicator");
  if (!isCount(at) || at < 1 || at > lines) return err("malformed", "a hit outside of its segment");
  if (!isCount(column) || column < 1 || !isTime(time) || !isIn(CLASSES, as)) return err("malformed", "a damaged hit");
  if (typeof field !== "string" || typeof match !== "string") return err("malformed", "a hit without text");
  return ok({ indicator, line: at, column, field, time, class: as, match });
}

function parseArray(line: Uint8Array): readonly unknown[] | undefined {
  const text = utf8Decode(line);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
