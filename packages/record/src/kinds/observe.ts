import { Type } from "typebox";
import { base64Of32, closed, integer, line, origin, text, time } from "../forms.ts";
import { MAX_ITEMS } from "../limits.ts";
import { type Shape, shape } from "../shape.ts";
import { matchTotals, type MatchTotalsContent } from "./match.ts";
import { meetingCount, type MeetingCountContent, meetingEnd, type MeetingEndContent } from "./meeting.ts";

/** What was looked at: without it, having seen nothing says nothing. Times in milliseconds since 1970. */
export interface Coverage {
  readonly from: number;
  readonly to: number;
  /** Which telemetry. */
  readonly source: string;
}

/** An item of the share that the statement is about. */
export interface ItemReference {
  readonly index: number;
  /** The item's value, where its holder wants to say it. */
  readonly value?: string;
}

/** A shared indicator was seen in the author's telemetry. */
export interface SightingContent {
  readonly item: ItemReference;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly coverage: Coverage;
}

/** A shared indicator matched what is harmless. */
export interface FalsePositiveContent {
  readonly item: ItemReference;
  readonly reason: string;
}

/** A check was made, or could not be made. */
export interface CheckContent {
  readonly check: string;
  readonly outcome: "pass" | "fail" | "no-access" | "not-run";
  readonly coverage: Coverage;
}

/** Two signed checkpoints of one log that no one log can have; anybody can verify it. */
export interface EquivocationContent {
  /** The log's origin. */
  readonly log: string;
  /** The two signed notes (c2sp.org/tlog-checkpoint), as they were signed. */
  readonly first: string;
  readonly second: string;
  /** The consistency proof that failed, where the sizes differ: hashes in base64. */
  readonly proof?: readonly string[];
}

export interface ObserveContents {
  readonly "observe/sighting": SightingContent;
  readonly "observe/false-positive": FalsePositiveContent;
  readonly "observe/check": CheckContent;
  readonly "observe/equivocation": EquivocationContent;
  readonly "observe/match-totals": MatchTotalsContent;
  readonly "observe/meeting-count": MeetingCountContent;
  readonly "observe/meeting-end": MeetingEndContent;
}

const coverage = closed({ from: time, to: time, source: line(500) });
const item = closed({ index: integer(0, MAX_ITEMS - 1), value: Type.Optional(line(4096)) });

/** The characters are those that c2sp.org/signed-note admits: what a log can sign, its accuser must be able to show. */
const signedNote = Type.String({
  pattern: "^[^\\u0000-\\u0009\\u000b-\\u001f]*$",
  maxLength: 64 * 1024,
  description: "a signed note of at most 65536 characters",
});

/** A consistency proof has at most two hashes a level, and sizes have at most 53 bits. */
const MAX_PROOF = 106;

export const observeShapes: { readonly [Name in keyof ObserveContents]: Shape<ObserveContents[Name]> } = {
  "observe/sighting": shape<SightingContent>(({ first, last, coverage: covered }, place) =>
    first > last ? `${place}.last: is before first` : coverageFlaw(covered, place),
  )(closed({ item, count: integer(1), first: time, last: time, coverage })),
  "observe/false-positive": shape<FalsePositiveContent>()(closed({ item, reason: text(2000) })),
  "observe/check": shape<CheckContent>((check, place) => coverageFlaw(check.coverage, place))(
    closed({ check: line(200), outcome: Type.Enum(["pass", "fail", "no-access", "not-run"]), coverage }),
  ),
  "observe/equivocation": shape<EquivocationContent>()(
    closed({
      log: origin,
      first: signedNote,
      second: signedNote,
      proof: Type.Optional(Type.Array(base64Of32, { maxItems: MAX_PROOF })),
    }),
  ),
  "observe/match-totals": matchTotals,
  "observe/meeting-count": meetingCount,
  "observe/meeting-end": meetingEnd,
};

function coverageFlaw({ from, to }: Coverage, place: string): string | undefined {
  return from > to ? `${place}.coverage.to: is before from` : undefined;
}
