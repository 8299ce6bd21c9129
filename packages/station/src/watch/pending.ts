import type { SightingContent } from "@detente/record";
import type { HitClass } from "@detente/screen";
import type { AudienceInput } from "../api/contract.ts";
import type { Intent as Moment } from "../speak/say-once.ts";
import { sightingOf, type Tally } from "./tally.ts";
import { isStrong, type WatchPolicy } from "./watched-source.ts";

/** Everything that makes a statement's bytes what they are, put down before it is said for the first time. */
export interface Intent extends Moment {
  readonly audience: AudienceInput;
}

/** A tally whose window has ended, and which nobody was told of yet. */
export interface Pending extends Tally {
  /** Whose set had it, where a blind look-up found it: the same log may be looked through again. */
  readonly partner?: string;
  /** What would be said, whatever the settings become. */
  readonly says: SightingContent;
  /** Who has let it out; null while that is an officer's to decide. */
  readonly releasedBy: "officer" | "policy" | null;
  /** Since it was first tried to say it. */
  readonly intent: Intent | null;
}

/** What an ended tally becomes. The policy lets out what is strong and not too frequent; an officer decides the rest. */
export function pendingOf(tally: Tally, policy: WatchPolicy): Pending {
  const isAllStrong = (Object.keys(tally.classes) as HitClass[]).every((as) => isStrong(as, policy));
  const isLetOut = policy.release === "policy" && isAllStrong && !tally.isNoisy;
  return { ...tally, says: sightingOf(tally, policy.round), releasedBy: isLetOut ? "policy" : null, intent: null };
}
