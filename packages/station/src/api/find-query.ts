import { addressRange, canonicalIndicator, domainsAbove, hostOf, networksAround } from "@detente/intel";
import type { ValueRange } from "@detente/store";
import type { FindRelation } from "../vocabulary.ts";
import type { FindReport } from "./find-contract.ts";

/** Where to look for one relation: some values by name, a range of values, or words. */
export type FindTarget = { readonly relation: FindRelation } & (
  | { readonly named: readonly string[] }
  | { readonly range: ValueRange }
  | { readonly words: string }
);

export interface FindPlan {
  readonly query: FindReport["query"];
  readonly targets: readonly FindTarget[];
}

/** Shorter texts have no trigram, so nothing that an index could look up. */
const MIN_INSIDE = 3;

/** What there is to look for: of an indicator all that is related to it, of any other text its words and itself. */
export function planFind(text: string, relation?: FindRelation): FindPlan {
  const canonical = canonicalIndicator(text);
  const query = canonical.ok ? { kind: canonical.value.kind, value: canonical.value.value } : null;
  const free = [
    { relation: "words", words: text } as const,
    ...(Array.from(text).length < MIN_INSIDE ? [] : [{ relation: "inside", range: { inside: text } } as const]),
  ];
  const related = canonical.ok ? relatedTo(canonical.value.kind, canonical.value.value) : [];
  if (relation === undefined) return { query, targets: query === null ? free : related };
  return { query, targets: [...related, ...free].filter((target) => target.relation === relation) };
}

function relatedTo(kind: Parameters<typeof hostOf>[0], value: string): FindTarget[] {
  const host = hostOf(kind, value) ?? value;
  const leadsTo = host === value ? [] : [host];
  const addresses = addressRange(host);
  const targets: FindTarget[] = [{ relation: "same", named: [value] }];
  if (addresses !== undefined) {
    targets.push({ relation: "around", named: [...leadsTo, ...networksAround(host)] });
    if (host === value) targets.push({ relation: "within", range: addresses });
  } else if (kind === "domain" || leadsTo.length > 0) {
    targets.push({ relation: "above", named: [...leadsTo, ...domainsAbove(host)] });
    if (kind === "domain") targets.push({ relation: "below", range: { under: value } });
  }
  return targets;
}
