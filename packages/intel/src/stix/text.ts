import type { StixObject } from "./object.ts";

/** The members of STIX 2.1 objects that people write for people to read, the name first. */
const MEMBERS = [
  "name",
  "value",
  "abstract",
  "description",
  "content",
  "explanation",
  "statement",
  "display_name",
] as const;
const LISTS = ["aliases", "labels", "goals", "keywords", "malware_types", "threat_actor_types", "roles"] as const;
const MAX_TEXT = 8000;

/**
 * What an object says in words, a line each, so that it can be found by them: names, aliases, descriptions, labels. At
 * most 8,000 characters; the empty text for an object that has none.
 */
export function wordsOfObject({ view }: Pick<StixObject, "view">): string {
  const texts = MEMBERS.map((member) => view[member]).filter((value) => typeof value === "string");
  const lists = LISTS.map((member) => {
    const list: unknown = view[member];
    return Array.isArray(list) ? list.filter((value) => typeof value === "string").join(", ") : "";
  });
  return [...texts, ...lists]
    .filter((line) => line !== "")
    .join("\n")
    .slice(0, MAX_TEXT);
}
