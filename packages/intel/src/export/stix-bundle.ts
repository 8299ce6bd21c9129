import { canonicalJson, type Json, sha256, toHex, utf8 } from "@detente/basics";
import type { IndicatorKind, Tlp } from "@detente/record";
import type { BlockList, Candidate } from "./block-list.ts";
import { expiryOf } from "./block-list.ts";
import { cleanText } from "../text.ts";
import { type LeftOut, notInFormat, reasonOf, type Rendering } from "./rendering.ts";
import { uuid5 } from "./uuid.ts";

/** Under which the ids of our objects are names; drawn once for this purpose. */
const NAMESPACE = "0d5cf2e6-8a0e-4a6f-8c8b-3f1e9d7b6a52";

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

/**
 * A STIX 2.1 bundle with an indicator for each ground of each entry, and the parties as identities. Ids are UUIDs of
 * version 5 over share and index, so the same indicator has the same id in every bundle.
 */
export function renderStixBundle(list: BlockList): Rendering {
  const leftOut: LeftOut[] = [];
  const parties = new Map<string, Json>();
  const indicators: Json[] = [];
  for (const entry of list.entries) {
    const path = PATHS[entry.kind];
    if (path === undefined) {
      leftOut.push({ entry, obstacle: notInFormat("STIX patterns have no path for it that others know") });
      continue;
    }
    const pattern = `[${path} ${quoted(entry.value)}]`;
    for (const ground of entry.grounds) {
      if (!parties.has(ground.party)) parties.set(ground.party, identityOf(ground.party, list.at));
      indicators.push(indicatorOf(ground, pattern, reasonOf({ ...entry, grounds: [ground] })));
    }
  }
  const objects = [...parties.values(), ...indicators];
  const id = `bundle--${uuid5(NAMESPACE, `${list.serial} ${toHex(sha256(utf8(canonicalJson(objects))))}`)}`;
  // A bundle must not have an empty list (STIX 2.1 §3.5.1 of the common data types: lists are never empty).
  const text = canonicalJson({ type: "bundle", id, ...(objects.length === 0 ? {} : { objects }) });
  return { files: [{ name: "detente.stix.json", text: `${text}\n` }], leftOut };
}

function identityId(party: string): string {
  return `identity--${uuid5(NAMESPACE, `party ${party}`)}`;
}

function identityOf(party: string, at: number): Json {
  const time = new Date(at).toISOString();
  return {
    type: "identity",
    spec_version: "2.1",
    id: identityId(party),
    created: time,
    modified: time,
    name: cleanText(party, 200),
    identity_class: "organization",
  };
}

function indicatorOf(ground: Candidate, pattern: string, reason: string): Json {
  const { item, party, share, index, title, tlp, at } = ground;
  const shared = new Date(at).toISOString();
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${uuid5(NAMESPACE, `item ${share}:${index}`)}`,
    created_by_ref: identityId(party),
    created: shared,
    modified: shared,
    name: `${item.kind} ${item.value}`,
    ...(reason === "" ? {} : { description: reason }),
    pattern,
    pattern_type: "stix",
    valid_from: shared,
    valid_until: new Date(Math.max(expiryOf(ground), at + 1)).toISOString(),
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
