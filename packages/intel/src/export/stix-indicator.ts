import type { Json } from "@detente/basics";
import type { IndicatorKind, Tlp } from "@detente/record";
import { cleanText } from "../text.ts";
import type { Candidate } from "./block-list.ts";
import { expiryOf } from "./block-list.ts";
import { uuid5 } from "./uuid.ts";

/** Under which the ids of our objects are names; drawn once for this purpose. */
export const NAMESPACE = "0d5cf2e6-8a0e-4a6f-8c8b-3f1e9d7b6a52";

const PATHS: Readonly<Partial<Record<IndicatorKind, string>>> = {
  domain: "domain-name:value =",
  ipv4: "ipv4-addr:value =",
  ipv6: "ipv6-addr:value =",
  cidr4: "ipv4-addr:value ISSUBSET",
  cidr6: "ipv6-addr:value ISSUBSET",
  url: "url:value =",
  email: "email-addr:value =",
  md5: "file:hashes.MD5 =",
  sha1: "file:hashes.'SHA-1' =",
  sha256: "file:hashes.'SHA-256' =",
};

/** An object of STIX 2.1 as we state it. */
export type StatedObject = { readonly [member: string]: Json } & { readonly type: string; readonly id: string };

/** The id of the indicator that stands for an item of a share: the same wherever it is stated. */
export function stixIndicatorId(share: string, index: number): string {
  return `indicator--${uuid5(NAMESPACE, `item ${share}:${index}`)}`;
}

/** The id of a party's identity. */
export function stixIdentityId(party: string): string {
  return `identity--${uuid5(NAMESPACE, `party ${party}`)}`;
}

/** A party as an identity. @param at when it was first stated, in milliseconds since 1970 */
export function stixIdentity(party: string, at: number): StatedObject {
  const time = new Date(at).toISOString();
  return {
    type: "identity",
    spec_version: "2.1",
    id: stixIdentityId(party),
    created: time,
    modified: time,
    name: cleanText(party, 200),
    identity_class: "organization",
  };
}

/**
 * An item of a share as an indicator (STIX 2.1 §4.7): the same bytes at every station. `undefined` for a kind that
 * STIX patterns have no path for that others know.
 * @param reason why it was shared; empty where nothing is known
 */
export function stixIndicator(candidate: Candidate, reason: string): StatedObject | undefined {
  const { item, party, share, index, title, tlp, at } = candidate;
  const path = PATHS[item.kind];
  if (path === undefined) return undefined;
  const shared = new Date(at).toISOString();
  return {
    type: "indicator",
    spec_version: "2.1",
    id: stixIndicatorId(share, index),
    created_by_ref: stixIdentityId(party),
    created: shared,
    modified: shared,
    name: `${item.kind} ${item.value}`,
    ...(reason === "" ? {} : { description: reason }),
    pattern: `[${path} ${quoted(item.value)}]`,
    pattern_type: "stix",
    valid_from: shared,
    valid_until: new Date(Math.max(expiryOf(candidate), at + 1)).toISOString(),
    ...(item.confidence === undefined ? {} : { confidence: item.confidence }),
    ...(item.labels === undefined ? {} : { labels: item.labels }),
    external_references: [
      { source_name: "detente", description: cleanText(title, 200), external_id: `${share}:${index}` },
    ],
    object_marking_refs: [TLP_MARKINGS[tlp]],
  };
}

/** The marking definitions of TLP 2.0 (OASIS, STIX common objects repository, extension definition TLP 2.0). */
const TLP_MARKINGS: Readonly<Record<Tlp, string>> = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
  red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

/** A string of a STIX pattern (STIX 2.1 §9.4): apostrophes and backslashes escaped. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
