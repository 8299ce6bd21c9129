import type { MeetingOutcome } from "@detente/record";
import type { MeetingSide } from "@detente/unit";

/** How the time stands, and whether the other side did not give what it owed when last asked. */
interface Moment {
  readonly now: number;
  readonly until: number;
  readonly isLacking: boolean;
}

/** How a meeting has to end for `me` by what is on the record; undefined while it goes on. */
export function endingOf(
  { me, them }: { readonly me: MeetingSide; readonly them: MeetingSide },
  { now, until, isLacking }: Moment,
): MeetingOutcome | undefined {
  const areCounted = me.count !== undefined && them.count !== undefined;
  const isShown = me.consent === "accept" && them.consent === "accept";
  if (areCounted && me.count.content.count !== them.count.content.count) return "wrong-count";
  const isStopped = areCounted && !isShown;
  if (me.isOut) return isStopped ? "done" : "withdrawn";
  const theirEnd = them.end?.content.outcome;
  if (them.isOut || (theirEnd !== undefined && theirEnd !== "done")) return isStopped ? "done" : "over";
  if (isStopped && (me.consent === "deny" || them.consent === "deny" || theirEnd === "done")) return "done";
  if (now < until) return undefined;
  if (them.list === undefined || me.list === undefined) return "over";
  if (isStopped) return "done";
  return isLacking || stepsOf(them) < stepsOf(me) ? "no-answer" : "over";
}

function stepsOf({ counted, count, contents }: MeetingSide): number {
  return [counted, count, contents].filter((step) => step !== undefined).length;
}
