import type { StixObject } from "./object.ts";
import { isTimestamp, sortableTimestamp } from "./timestamp.ts";

/**
 * The version of an object (STIX 2.1 §3.6): the moment of `modified`, as a text of which a newer version's is the greater,
 * byte by byte. `undefined` for what has no versions: observables, whatever they say of themselves, and objects without
 * such a timestamp.
 */
export function versionOf({ class: kind, view }: Pick<StixObject, "class" | "view">): string | undefined {
  const { modified } = view;
  return kind !== "observable" && typeof modified === "string" && isTimestamp(modified)
    ? sortableTimestamp(modified)
    : undefined;
}
