import { canonicalIndicator } from "../canonical/canonical.ts";
import { type Item, makeItem } from "../item.ts";
import { parsePattern } from "../pattern/parse.ts";
import { simpleValues } from "../pattern/simple-values.ts";
import { factsOf } from "../read/stix.ts";
import type { StixObject } from "./object.ts";

/**
 * What an object of STIX says to look for: each value of an indicator whose pattern only lists values (`simpleValues`),
 * in canonical form. None for an indicator that was revoked (STIX 2.1 §3.6), says of itself that what it describes is
 * benign (§10.8, indicator-type-ov), or has another pattern; and for every other type: an observable by itself may as well be
 * the victim's.
 */
export function indicatorsIn({ type, view }: StixObject): Item[] {
  const { revoked, pattern, pattern_type: language, indicator_types: types } = view;
  if (type !== "indicator" || revoked === true || language !== "stix") return [];
  if (Array.isArray(types) && types.includes("benign")) return [];
  const parsed = parsePattern(pattern as string);
  const values = parsed.ok ? simpleValues(parsed.value) : parsed;
  if (!values.ok) return [];
  const facts = factsOf(view);
  const items = new Map<string, Item>();
  for (const { text, allowed } of values.value) {
    const canonical = allowed.length === 0 ? undefined : canonicalIndicator(text, allowed);
    if (canonical?.ok !== true) continue;
    const item = makeItem(canonical.value, facts);
    items.set(`${item.kind} ${item.value}`, item);
  }
  return [...items.values()];
}
