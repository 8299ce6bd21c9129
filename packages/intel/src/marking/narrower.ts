import type { Audience } from "@detente/record";
import { quote } from "../text.ts";
import type { Marking } from "./tlp.ts";

/** Where an object would go. */
export interface Reach {
  /** `public`: a feed or an export that anybody may read. */
  readonly audience: Audience | "public";
  /** Whether this party marked the object itself; else it is bound by what its source allowed. */
  readonly isOwn: boolean;
}

/**
 * Why an object must not go where it would go: its marking is narrower than the audience (FIRST, TLP 2.0). `undefined`
 * if it may. Whatever is not known fails closed.
 *
 * The unit is the community of TLP:GREEN. One's own AMBER may go to the unit's parties, who are then its recipients;
 * one's own RED only to parties that are named. What was received may be passed on as GREEN within the unit and as
 * CLEAR anywhere; a recipient of AMBER has its own organisation and clients, who are no parties.
 */
export function narrower({ tlp, unknown }: Marking, { audience, isOwn }: Reach): string | undefined {
  const [first] = unknown;
  if (first !== undefined)
    return `it is marked with ${quote(first)}, which is not known here; get that definition first`;
  if (tlp === undefined || tlp === "clear") return undefined;
  const label = `TLP:${tlp.toUpperCase()}`;
  if (audience === "public") return `it is ${label}, and what is published must be TLP:CLEAR`;
  if (tlp === "green") return undefined;
  if (!isOwn) return `it was received as ${label}, which does not go to other parties; ask its source`;
  return tlp === "red" && audience === "unit"
    ? `it is ${label}, which goes to named parties only; name them`
    : undefined;
}
