import { Type } from "typebox";
import { closed, hex64, integer, line, partyName, time } from "../forms.ts";
import { type Shape, shape } from "../shape.ts";

/** Elements of a list in a meeting, padding included, at least and at most: 2^20 are 32 MiB. */
const MIN_MEETING_LIST = 1024;
export const MAX_MEETING_LIST: number = 2 ** 20;

/** What a party commits to before it sees anything of the other's list: it cannot choose its own by it any more. */
export interface MeetingList {
  /** The public half of a key for this meeting alone (RFC 9497 §3.2). */
  readonly key: string;
  /** The class of the list: how many elements it has, padding included. It is what the list costs of a budget. */
  readonly count: number;
  /** SHA-256 of the message `list`, which hides the list as long as the key is secret. */
  readonly digest: string;
}

/** Proposes to one other party that both intersect a list once. */
export interface MeetingContent {
  /** RFC 9497 §4.1, mode VOPRF. */
  readonly suite: "ristretto255-SHA512";
  /** The author. In the content, so that nobody else's copy of the statement proposes anything. */
  readonly by: string;
  readonly with: string;
  readonly purpose: string;
  /** Until when either side owes the other its next step; milliseconds since 1970. */
  readonly until: number;
  /** How many elements the other's list may have. */
  readonly most: number;
  /** The author's. */
  readonly list: MeetingList;
}

/** Commits to a message of the meeting that the statement is about, before the other side gets it. */
export interface MeetingMessageContent {
  readonly step: "counted" | "contents";
  /** SHA-256 of the message. */
  readonly digest: string;
}

/** How many items both lists have, as the author counted. */
export interface MeetingCountContent {
  readonly count: number;
}

/**
 * How a meeting ended for the author. `done`: with all that both wanted. `withdrawn`: its own officer broke it off.
 * `over`: the time was over, or the other side has ended it. All others are complaints: `no-answer` and `not-committed`
 * (what came was not what the record names) are the author's word alone; the rest can be shown by messages whose digests
 * the accused has put on the record itself.
 */
export const MEETING_OUTCOMES = [
  "done",
  "withdrawn",
  "over",
  "no-answer",
  "not-committed",
  "bad-message",
  "bad-element",
  "bad-proof",
  "not-as-counted",
  "wrong-count",
] as const;

export type MeetingOutcome = (typeof MEETING_OUTCOMES)[number];

export interface MeetingEndContent {
  readonly outcome: MeetingOutcome;
}

const size = integer(MIN_MEETING_LIST, MAX_MEETING_LIST);
const list = closed({ key: hex64, count: size, digest: hex64 });

export const meeting: Shape<MeetingContent> = shape<MeetingContent>((content, place) =>
  content.with === content.by ? `${place}.with: must be another party than the author` : undefined,
)(
  closed({
    suite: Type.Literal("ristretto255-SHA512"),
    by: partyName,
    with: partyName,
    purpose: line(500),
    until: time,
    most: size,
    list,
  }),
);

export const meetingList: Shape<MeetingList> = shape<MeetingList>()(list);

export const meetingMessage: Shape<MeetingMessageContent> = shape<MeetingMessageContent>()(
  closed({ step: Type.Enum(["counted", "contents"]), digest: hex64 }),
);

export const meetingCount: Shape<MeetingCountContent> = shape<MeetingCountContent>()(
  closed({ count: integer(0, MAX_MEETING_LIST) }),
);

export const meetingEnd: Shape<MeetingEndContent> = shape<MeetingEndContent>()(
  closed({ outcome: Type.Enum([...MEETING_OUTCOMES]) }),
);
