import { compareText } from "@detente/basics";
import type {
  MeetingContent,
  MeetingCountContent,
  MeetingEndContent,
  MeetingList,
  MeetingMessageContent,
} from "@detente/record";
import type { Said } from "./match-sets.ts";
import type { UnitState } from "./state.ts";
import type { Statement, StatementBody } from "./statement.ts";
import { EFFECTIVE, type Verdict, voidFor } from "./verdict.ts";
import type { Voice } from "./voice.ts";

/** What one of both has said in a meeting and is in effect: of each kind the first, by the order of its log. */
export interface MeetingSide {
  readonly party: string;
  /** The proposer's stands in the proposal; the other's is its consent. */
  readonly list: Said<MeetingList> | undefined;
  /** The digests of the messages that it committed to. */
  readonly counted: Said<MeetingMessageContent> | undefined;
  readonly contents: Said<MeetingMessageContent> | undefined;
  readonly count: Said<MeetingCountContent> | undefined;
  /** Where its officer stands on showing which items are common: its last word on the clause `contents`. */
  readonly consent: "accept" | "deny" | undefined;
  /** It takes the proposal back, or refuses it: its last word on the whole. */
  readonly isOut: boolean;
  readonly end: Said<MeetingEndContent> | undefined;
  /** When that took effect, see `Fold.effectiveAt`; NaN where there is no end. Milliseconds since 1970. */
  readonly endedAt: number;
}

/** When an entry of a log took effect. */
export type EffectiveAt = (log: string, index: number) => number | undefined;

/** Two parties' one-off intersection of a list each, as the record has it. */
export interface MeetingReport {
  /** Leaf hash of the proposal. */
  readonly hash: string;
  /** The proposer's log, and the proposal's place in it. */
  readonly log: string;
  readonly index: number;
  readonly terms: MeetingContent;
  readonly by: MeetingSide;
  readonly with: MeetingSide;
}

/** The clause of a meeting on which an officer consents to showing which items are common. */
const CONTENTS = "contents";

/** Every meeting whose proposal has taken effect, in order of logs, then of their indexes. */
export function meetingReports(state: UnitState, effectiveAt: EffectiveAt): MeetingReport[] {
  return state.meetings
    .map((statement) => report(state, statement, effectiveAt))
    .sort((a, b) => compareText(a.log, b.log) || a.index - b.index);
}

/** A proposal names its author as the proposer. */
export function judgeProposal(state: UnitState, { log }: Statement, { by }: MeetingContent): Verdict {
  return by === state.nameOf(log.origin) ? EFFECTIVE : voidFor("copied");
}

/** In a meeting only its two parties speak, each for itself, about one meeting at a time. */
export function judgeMeeting(state: UnitState, { log }: Statement, said: StatementBody): Verdict {
  const [id] = said.of;
  const instances = id === undefined || said.of.length !== 1 ? [] : state.instances(id);
  const proposal = instances.find((instance) => instance.body !== undefined)?.body;
  if (proposal?.name !== "open/meeting") return voidFor("wrong-subject");
  const { by, with: partner, list, most } = proposal.content;
  const author = state.nameOf(log.origin);
  if (said.name !== "exhibit/meeting-list") {
    return author === by || author === partner ? EFFECTIVE : voidFor("wrong-subject");
  }
  if (author !== partner) return voidFor("wrong-subject");
  if (said.content.count > most) return voidFor("too-many");
  // Whoever hands the proposer's own commitment back could also hand back its messages, and seem to have its whole list.
  return said.content.key === list.key || said.content.digest === list.digest ? voidFor("copied") : EFFECTIVE;
}

function report(state: UnitState, { id, log, index, body }: Statement, effectiveAt: EffectiveAt): MeetingReport {
  const terms = body?.content as MeetingContent;
  const voices = state.views.get("unit")?.voices(id) ?? [];
  const voiceOf = (party: string): Voice | undefined => voices.find(({ origin }) => state.nameOf(origin) === party);
  const answer = first<MeetingList>(voiceOf(terms.with)?.exhibits, "exhibit/meeting-list");
  return {
    hash: state.hashes.hex(id),
    log: log.origin,
    index,
    terms,
    by: side(terms.by, voiceOf(terms.by), { index, content: terms.list }, effectiveAt),
    with: side(terms.with, voiceOf(terms.with), answer, effectiveAt),
  };
}

function side(
  party: string,
  voice: Voice | undefined,
  list: MeetingSide["list"],
  effectiveAt: EffectiveAt,
): MeetingSide {
  const message = (step: MeetingMessageContent["step"]): Said<MeetingMessageContent> | undefined =>
    first(
      voice?.exhibits.filter(({ body }) => body?.name === "exhibit/meeting-message" && body.content.step === step),
      "exhibit/meeting-message",
    );
  const consent = voice?.positions.get(CONTENTS)?.body?.kind;
  const end = first<MeetingEndContent>(voice?.watch?.statements, "observe/meeting-end");
  const whole = voice?.positions.get("")?.body?.kind;
  return {
    party,
    list,
    counted: message("counted"),
    contents: message("contents"),
    count: first(voice?.watch?.statements, "observe/meeting-count"),
    consent: consent === "accept" || consent === "deny" ? consent : undefined,
    isOut: whole === "deny" || whole === "withdraw",
    end,
    endedAt: (voice && end && effectiveAt(voice.origin, end.index)) ?? Number.NaN,
  };
}

function first<Content>(statements: readonly Statement[] = [], name: string): Said<Content> | undefined {
  let found: Statement | undefined;
  for (const statement of statements) {
    if (statement.body?.name === name && statement.index < (found?.index ?? Number.POSITIVE_INFINITY))
      found = statement;
  }
  return found && { index: found.index, content: found.body?.content as Content };
}
