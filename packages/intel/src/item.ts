import {
  type Bytes,
  canonicalJsonBytes,
  compareText,
  err,
  type Fault,
  ok,
  parseCanonicalJson,
  type Result,
} from "@detente/basics";
import { checkIndicator, type Indicator, MAX_ITEM_BYTES } from "@detente/record";
import { canonicalIndicator } from "./canonical/canonical.ts";
import type { Canonical } from "./canonical/kinds.ts";
import { cleanText, quote } from "./text.ts";

/** Within what `checkIndicator` admits. */
export const MAX_LABELS = 32;
const MAX_LABEL = 100;
const MAX_DESCRIPTION = 1000;
const MAX_SOURCE = 200;

/**
 * An indicator as parties share it here: its value in canonical form, labels sorted and distinct (`special-use:…` ones
 * say that an address is private, reserved, …), `source` the id that it has where it came from: a STIX id, a MISP UUID.
 */
export type Item = Indicator;

/** The bytes of an item as a collection commits to them. */
export function encodeItem(item: Item): Bytes {
  return canonicalJsonBytes({ ...item });
}

/**
 * Reads an item that another party shared. Whatever its author meant, it is an indicator in canonical form with
 * bounded, printable text, or it is refused.
 */
export function parseItem(bytes: Bytes): Result<Item, Fault<"not-canonical-json" | "not-an-item" | "not-canonical">> {
  if (bytes.length > MAX_ITEM_BYTES)
    return err("not-an-item", `the item has ${bytes.length} bytes, at most ${MAX_ITEM_BYTES} may be`);
  const json = parseCanonicalJson(bytes);
  if (!json.ok) return err("not-canonical-json", `the item is ${json.fault.message}`);
  const checked = checkIndicator(json.value, "item");
  if (!checked.ok) return err("not-an-item", checked.fault.message);
  const item = checked.value;
  const canonical = canonicalIndicator(item.value, [item.kind]);
  if (!canonical.ok) return err("not-canonical", `the item's value is not an indicator: ${canonical.fault.message}`);
  const { value } = canonical.value;
  if (value !== item.value) {
    return err("not-canonical", `${item.kind} ${quote(item.value)} is in canonical form ${quote(value)}`);
  }
  const unprintable = [item.description, item.source, ...(item.labels ?? [])].find(
    (part) => part !== undefined && cleanText(part, Infinity) !== part,
  );
  if (unprintable !== undefined) return err("not-canonical", `the item has unprintable text: ${quote(unprintable)}`);
  if (item.labels !== undefined && sortedLabels(item.labels).join("\n") !== item.labels.join("\n")) {
    return err("not-canonical", "the item's labels are not sorted and distinct");
  }
  return ok(item);
}

/** What a reader knows of an indicator before it is an item; empty texts count as absent. */
export interface ItemFacts {
  readonly labels?: readonly string[];
  readonly description?: string;
  readonly confidence?: number | undefined;
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly until?: number | undefined;
  readonly source?: string | undefined;
}

/** Makes an item: text cleaned and cut to its limits, labels sorted, absent members left out. */
export function makeItem(canonical: Pick<Canonical, "kind" | "value" | "specialUse">, facts: ItemFacts): Item {
  const special = canonical.specialUse.map((use) => `special-use:${use}`);
  const labels = sortedLabels([...special, ...(facts.labels ?? [])].map((label) => cleanText(label.trim(), MAX_LABEL)));
  const description = cleanText((facts.description ?? "").trim(), MAX_DESCRIPTION);
  const source = cleanText((facts.source ?? "").trim(), MAX_SOURCE);
  return {
    kind: canonical.kind,
    value: canonical.value,
    ...(labels.length > 0 && { labels }),
    ...(description !== "" && { description }),
    ...(facts.confidence !== undefined && { confidence: facts.confidence }),
    ...(facts.first !== undefined && { first: facts.first }),
    ...(facts.last !== undefined && { last: facts.last }),
    ...(facts.until !== undefined && { until: facts.until }),
    ...(source !== "" && { source }),
  };
}

/**
 * Two rows about one indicator as one item: labels and times united, of the rest the earlier row's word stands. It
 * expires when both have; where one never does, it never does.
 */
export function mergeItems({ until: one, ...earlier }: Item, { until: other, ...later }: Item): Item {
  const first = pickOf(Math.min, earlier.first, later.first);
  const last = pickOf(Math.max, earlier.last, later.last);
  const labels = sortedLabels([...(earlier.labels ?? []), ...(later.labels ?? [])]);
  return {
    ...later,
    ...earlier,
    ...(labels.length > 0 && { labels }),
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
    ...(one !== undefined && other !== undefined && { until: Math.max(one, other) }),
  };
}

/** Whether a label stays as it is: not empty, printable, on one line, short enough. */
export function fitsLabel(label: string): boolean {
  return label !== "" && cleanText(label.trim(), MAX_LABEL) === label;
}

/** Whether a description stays as it is, but for blanks around it. */
export function fitsDescription(text: string): boolean {
  return cleanText(text.trim(), MAX_DESCRIPTION) === text.trim();
}

function sortedLabels(labels: readonly string[]): string[] {
  return [...new Set(labels.filter((label) => label !== ""))].sort(compareText).slice(0, MAX_LABELS);
}

function pickOf(
  pick: (a: number, b: number) => number,
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : pick(a, b);
}
