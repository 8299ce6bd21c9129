import { canonicalJson, type Json, sha256, toHex, utf8 } from "@detente/basics";
import type { BlockList } from "./block-list.ts";
import { type LeftOut, notInFormat, reasonOf, type Rendering } from "./rendering.ts";
import { NAMESPACE, stixIdentity, stixIndicator } from "./stix-indicator.ts";
import { uuid5 } from "../uuid.ts";

/**
 * A STIX 2.1 bundle with an indicator for each ground of each entry, and the parties as identities. Ids are UUIDs of
 * version 5 over share and index, so the same indicator has the same id in every bundle.
 */
export function renderStixBundle(list: BlockList): Rendering {
  const leftOut: LeftOut[] = [];
  const parties = new Map<string, Json>();
  const indicators: Json[] = [];
  for (const entry of list.entries) {
    const objects = entry.grounds.flatMap(
      (ground) => stixIndicator(ground, reasonOf({ ...entry, grounds: [ground] })) ?? [],
    );
    if (objects.length === 0) {
      leftOut.push({ entry, obstacle: notInFormat("STIX patterns have no path for it that others know") });
      continue;
    }
    for (const { party } of entry.grounds) {
      if (!parties.has(party)) parties.set(party, stixIdentity(party, list.at));
    }
    indicators.push(...objects);
  }
  const objects = [...parties.values(), ...indicators];
  const id = `bundle--${uuid5(NAMESPACE, `${list.serial} ${toHex(sha256(utf8(canonicalJson(objects))))}`)}`;
  // A bundle must not have an empty list (STIX 2.1 §3.5.1 of the common data types: lists are never empty).
  const text = canonicalJson({ type: "bundle", id, ...(objects.length === 0 ? {} : { objects }) });
  return { files: [{ name: "detente.stix.json", text: `${text}\n` }], leftOut };
}
