import { closed, hex64, integer, line, time } from "../forms.ts";
import { MAX_BLOB_BYTES, MAX_TIME } from "../limits.ts";
import { type Shape, shape } from "../shape.ts";
import { matchEdition, type MatchEditionContent } from "./match.ts";
import { meetingList, type MeetingList, meetingMessage, type MeetingMessageContent } from "./meeting.ts";

/** A file as evidence; the file itself is a blob. */
export interface FileContent {
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  /** Where it comes from. */
  readonly origin: string;
  /** How it came to its holder. */
  readonly via: string;
  /** When it was obtained: in the `precision` milliseconds that begin at `obtained`. */
  readonly obtained: number;
  readonly precision: number;
}

export interface ExhibitContents {
  readonly "exhibit/file": FileContent;
  readonly "exhibit/match-edition": MatchEditionContent;
  readonly "exhibit/meeting-list": MeetingList;
  readonly "exhibit/meeting-message": MeetingMessageContent;
}

export const exhibitShapes: { readonly [Name in keyof ExhibitContents]: Shape<ExhibitContents[Name]> } = {
  "exhibit/file": shape<FileContent>()(
    closed({
      digest: hex64,
      size: integer(0, MAX_BLOB_BYTES),
      origin: line(500),
      via: line(500),
      obtained: time,
      precision: integer(1, MAX_TIME),
    }),
  ),
  "exhibit/match-edition": matchEdition,
  "exhibit/meeting-list": meetingList,
  "exhibit/meeting-message": meetingMessage,
};
