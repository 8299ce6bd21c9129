import type { Candidate } from "../export/block-list.ts";
import { canonicalIndicator } from "../canonical/canonical.ts";
import { unwrap } from "@detente/basics";

export const NOW: number = Date.UTC(2026, 10, 26, 1, 2, 3);

/** A candidate that nothing stands against, about a value in any spelling. */
export function candidate(
  value: string,
  facts: Partial<Candidate> & { readonly description?: string } = {},
): Candidate {
  const { kind, value: canonical } = unwrap(canonicalIndicator(value, facts.item && [facts.item.kind]));
  const { description, ...rest } = facts;
  return {
    party: "alpha",
    share: "1a2b3c4d5e6f".padEnd(64, "0"),
    index: 7,
    title: "Phishing",
    tlp: "amber",
    at: NOW - 86_400_000,
    status: "effective",
    ...rest,
    item: { kind, value: canonical, ...(description === undefined ? {} : { description }), ...facts.item },
  };
}
