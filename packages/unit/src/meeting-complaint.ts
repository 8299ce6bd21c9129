import type { MeetingSide } from "./meetings.ts";

/** A message of a meeting by who wrote it, where one side complains of the other. */
export interface MeetingMessage {
  readonly of: "accused" | "accuser";
  readonly step: "list" | "counted" | "contents";
}

/**
 * The messages that show whether a side's complaint is true: what it is about, and what that is compared with. None where
 * it has not complained, or of what nothing can show.
 */
export function messagesShowing(accuser: MeetingSide): readonly MeetingMessage[] {
  switch (accuser.end?.content.outcome) {
    case "bad-message":
    case "bad-element":
      return [{ of: "accused", step: nextStep(accuser) }];
    case "bad-proof":
      return [
        { of: "accused", step: "contents" },
        { of: "accuser", step: "list" },
      ];
    case "not-as-counted":
      return [
        { of: "accused", step: "counted" },
        { of: "accused", step: "contents" },
      ];
    case "wrong-count":
      return [
        { of: "accused", step: "counted" },
        { of: "accuser", step: "counted" },
      ];
    default:
      return [];
  }
}

/**
 * Whether a side complains of what messages show: it says so, and both have committed to the messages of those steps, it
 * before it complained, since neither gets the other's before that.
 */
export function isAccusing(accuser: MeetingSide, accused: MeetingSide): boolean {
  const messages = messagesShowing(accuser);
  return messages.length > 0 && messages.every(({ step }) => hadSaid(accuser, step) && accused[step] !== undefined);
}

/** What a side had to read next when it complained: all before it was in order. */
function nextStep(side: MeetingSide): MeetingMessage["step"] {
  if (!hadSaid(side, "counted")) return "list";
  return hadSaid(side, "count") ? "contents" : "counted";
}

/** Whether a side had said a step when it said how it ended. */
function hadSaid({ end, ...steps }: MeetingSide, step: MeetingMessage["step"] | "count"): boolean {
  const said = steps[step];
  return said !== undefined && end !== undefined && said.index < end.index;
}
