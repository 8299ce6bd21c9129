import type { MeetingOutcome } from "@detente/record";
import { isAccusing, messagesShowing } from "./meeting-complaint.ts";
import type { MeetingReport, MeetingSide } from "./meetings.ts";

type Author = "by" | "with";

/** A message of a meeting by who wrote it, and what it shows of its author: nothing, where it is as it has to be. */
export interface ReadMessage {
  readonly author: Author;
  readonly step: "list" | "counted" | "contents";
  readonly what: MeetingOutcome | undefined;
}

/** Who has done wrong in a meeting, shown by messages to whoever has them. */
export interface MeetingBlame {
  readonly party: string;
  /** What its own message shows of it; or it has complained of what the messages show to be in order. */
  readonly why: "shown" | "false-complaint";
  readonly outcome: MeetingOutcome;
}

/**
 * What is left of `meetingStanding` once there are messages to look at: an accusation is confirmed, refuted, or stays one
 * where the messages that would show it are missing. Two `counted` messages that are the same decide nothing: one side has
 * sent back what it got, and nothing tells which.
 * @param messages those in hand, each the one whose digest its author has put on the record
 */
export function meetingBlame(report: MeetingReport, messages: readonly ReadMessage[]): readonly MeetingBlame[] {
  const shown = messages.flatMap(({ author, what }): MeetingBlame[] =>
    what === undefined ? [] : [{ party: report[author].party, why: "shown", outcome: what }],
  );
  const refuted = (["by", "with"] as const).flatMap((accuser): MeetingBlame[] => {
    const outcome = refutedBy(report, accuser, messages);
    return outcome === undefined ? [] : [{ party: report[accuser].party, why: "false-complaint", outcome }];
  });
  return [...shown, ...refuted];
}

/** What a side complains of though the messages show that it is not so. */
function refutedBy(report: MeetingReport, by: Author, messages: readonly ReadMessage[]): MeetingOutcome | undefined {
  const accused: Author = by === "by" ? "with" : "by";
  if (!isAccusing(report[by], report[accused])) return undefined;
  const needed = messagesShowing(report[by]);
  const isReflected = countedDigest(report.by) === countedDigest(report.with);
  if (isReflected && needed.some(({ step }) => step === "counted")) return undefined;
  const areHere = needed.every(({ of, step }) =>
    messages.some((one) => one.step === step && one.author === (of === "accused" ? accused : by)),
  );
  const isShown = messages.some(({ author, what }) => author === accused && what !== undefined);
  return areHere && !isShown ? report[by].end?.content.outcome : undefined;
}

function countedDigest({ counted }: MeetingSide): string | undefined {
  return counted?.content.digest;
}
