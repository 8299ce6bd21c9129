/** What the local interface takes and answers about meetings. Times in milliseconds since 1970. */
import type { MeetingOutcome } from "@detente/record";
import type { MeetingFault, MeetingPhase } from "@detente/unit";
import type { Question } from "../matching/looked-up.ts";

/** `POST /api/meetings/propose`: 1 to 2^20 indicators in canonical form; answered with `{meeting}`. */
export interface ProposalInput {
  readonly with: string;
  readonly purpose: string;
  readonly until: number;
  /** How many elements the other's list may have, padding included; by default as many as the own list has. */
  readonly most?: number;
  readonly indicators: readonly Question[];
}

/** `POST /api/meetings/accept`; `…/reveal`, `…/abort` and `…/erase` take `{meeting}`. */
export interface MeetingInput {
  /** Leaf hash of the proposal. */
  readonly meeting: string;
  readonly indicators: readonly Question[];
}

/** A row of `GET /api/meetings`: `{rows}`; a meeting on the record, of whichever parties. */
export interface MeetingRow {
  readonly meeting: string;
  readonly purpose: string;
  readonly until: number;
  readonly most: number;
  readonly phase: MeetingPhase;
  readonly fault: MeetingFault | null;
  /** The proposer, then the other. */
  readonly sides: readonly {
    readonly party: string;
    /** The class of its list. */
    readonly size: number | null;
    readonly count: number | null;
    readonly consent: "accept" | "deny" | null;
    readonly outcome: MeetingOutcome | null;
  }[];
  /** What this station is at, in elements. */
  readonly progress: { readonly doing: string; readonly done: number; readonly total: number } | null;
  /** How many common items are known here, see `GET /api/meetings/:hash/common`. */
  readonly common: number | null;
}
