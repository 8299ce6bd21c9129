import type { MeetingOutcome } from "@detente/record";
import { isAccusing } from "./meeting-complaint.ts";
import type { MeetingReport, MeetingSide } from "./meetings.ts";

/**
 * How far a meeting is: `proposed` and not answered; `counting`; `counted`, where both have said how many and their
 * officers decide; `showing` which; `over`.
 */
export type MeetingPhase = "proposed" | "counting" | "counted" | "showing" | "over";

/**
 * Why a meeting failed, as far as the record tells without anybody's messages.
 * - `broke-off`: said itself that it ends a meeting that both had entered, before both had counted;
 * - `silent`: the time is over, and it neither took the step that the other has taken nor complained;
 * - `counts-differ`: one of both says another number than the messages give; which one, the messages show;
 * - `accused`: the other complains of what messages show whose digests are on the record, see `messagesShowing`;
 * - `word-against-word`: a complaint that nothing can show, or two that messages can.
 */
export interface MeetingFault {
  readonly why: "broke-off" | "silent" | "counts-differ" | "accused" | "word-against-word";
  /** Who is blamed, or accused; null where the record does not tell. */
  readonly party: string | null;
  /** What the complaint is. */
  readonly outcome: MeetingOutcome | null;
}

export interface MeetingStanding {
  readonly phase: MeetingPhase;
  readonly fault: MeetingFault | null;
}

const NO_COMPLAINTS: ReadonlySet<MeetingOutcome> = new Set(["done", "withdrawn", "over"]);

const WORD_AGAINST_WORD: MeetingFault = { why: "word-against-word", party: null, outcome: null };

/**
 * Where a meeting stands, by the record alone and one's own clock: the same for all who look at the same time. Whoever
 * has only waited is blamed for nothing: `silent` falls on the one side that owed a step when the time was over, and its
 * own complaint, true or not, turns that into one word against another.
 * @param now milliseconds since 1970
 */
export function meetingStanding(report: MeetingReport, now: number): MeetingStanding {
  const phase = phaseOf(report, now);
  return { phase, fault: phase === "proposed" ? null : faultOf(report, now) };
}

function phaseOf(report: MeetingReport, now: number): MeetingPhase {
  const { by, with: other, terms } = report;
  const isEnded = [by, other].some(({ end, isOut }) => isOut || (end !== undefined && end.content.outcome !== "done"));
  if (isEnded || (by.end !== undefined && other.end !== undefined) || now >= terms.until) return "over";
  if (other.list === undefined) return "proposed";
  if (by.count === undefined || other.count === undefined) return "counting";
  if (isShown(report)) return "showing";
  return by.end === undefined && other.end === undefined ? "counted" : "over";
}

function faultOf(report: MeetingReport, now: number): MeetingFault | null {
  const { by, with: other, terms } = report;
  if (other.list === undefined) return null;
  const accusers = [...(isAccusing(by, other) ? [by] : []), ...(isAccusing(other, by) ? [other] : [])];
  if (accusers.length === 2) return WORD_AGAINST_WORD;
  const [accuser] = accusers;
  if (accuser !== undefined) {
    const { party } = accuser === by ? other : by;
    return { why: "accused", party, outcome: accuser.end?.content.outcome ?? null };
  }
  const areCounted = by.count !== undefined && other.count !== undefined;
  if (areCounted && by.count.content.count !== other.count.content.count)
    return { why: "counts-differ", party: null, outcome: null };
  const leaver = [by, other].find(
    ({ isOut, end }) => (isOut && end === undefined) || end?.content.outcome === "withdrawn",
  );
  if ((!areCounted || isShown(report)) && leaver !== undefined)
    return { why: "broke-off", party: leaver.party, outcome: null };
  const silent = now < terms.until ? undefined : silentOf(report);
  if (silent !== undefined) return { why: "silent", party: silent.party, outcome: null };
  const complainer = [by, other].find(isComplaining);
  return complainer === undefined ? null : { ...WORD_AGAINST_WORD, outcome: complainer.end?.content.outcome ?? null };
}

/** Who owed a step when the time was over, and neither complained nor was let off by the other's ending it before. */
function silentOf(report: MeetingReport): MeetingSide | undefined {
  const { by, with: other, terms } = report;
  const ahead = stepsOf(by, isShown(report)) - stepsOf(other, isShown(report));
  if (ahead === 0) return undefined;
  const [first, behind] = ahead > 0 ? [by, other] : [other, by];
  const isLetOff = first.end !== undefined && first.end.content.outcome !== "done" && !(first.endedAt >= terms.until);
  return isLetOff || isComplaining(behind) ? undefined : behind;
}

/** Of whatever: where that shows itself it is an accusation, and was looked at before. */
function isComplaining({ end }: MeetingSide): boolean {
  return end !== undefined && !NO_COMPLAINTS.has(end.content.outcome);
}

/** Whether both consented to showing the contents, and so owe them. */
function isShown({ by, with: other }: MeetingReport): boolean {
  return by.consent === "accept" && other.consent === "accept";
}

/** How many of the steps that it owes the other a side has said. */
function stepsOf({ counted, count, contents }: MeetingSide, isShowing: boolean): number {
  return [counted, count, isShowing ? contents : undefined].filter((step) => step !== undefined).length;
}
