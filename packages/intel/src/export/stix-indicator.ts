import type { Json } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import { TLP_MARKINGS } from "../marking/tlp.ts";
import { cleanText } from "../text.ts";
import { type Candidate, expiryOf } from "./block-list.ts";
import { uuid5 } from "../uuid.ts";

/** Under which the ids of our objects are names; drawn once for this purpose. */
export const NAMESPACE = "0d5cf2e6-8a0e-4a6f-8c8b-3f1e9d7b6a52";

/** The last time that a timestamp of STIX can name (RFC 3339 §1: years have four digits). Authors may claim later ones. */
export const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The kinds whose path and operator in a STIX pattern others know. */
export const STIX_PATHS: Readonly<Record<Exclude<IndicatorKind, "ja3" | "ja4">, string>> = {
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
  const time = new Date(Math.min(at, LAST_TIME)).toISOString();
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
  if (item.kind === "ja3" || item.kind === "ja4") return undefined;
  const path = STIX_PATHS[item.kind];
  const from = Math.min(at, LAST_TIME - 1);
  const until = Math.min(Math.max(expiryOf(candidate), from + 1), LAST_TIME);
  const shared = new Date(from).toISOString();
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
    valid_until: new Date(until).toISOString(),
    ...(item.confidence === undefined ? {} : { confidence: item.confidence }),
    ...(item.labels === undefined ? {} : { labels: item.labels }),
    external_references: [
      { source_name: "detente", description: cleanText(title, 200), external_id: `${share}:${index}` },
    ],
    object_marking_refs: [TLP_MARKINGS[tlp]],
  };
}

/** A string of a STIX pattern (STIX 2.1 §9.4): apostrophes and backslashes escaped. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
