/** What the local interface takes and answers about private matching. Times in milliseconds since 1970. */
import type { Question } from "../matching/looked-up.ts";

export type { Lookup, Spending } from "../matching/asking.ts";
export type { LookedUp, Question } from "../matching/looked-up.ts";
export type { HitLabel } from "../matching/label.ts";

/** `GET /api/match` */
export interface MatchReport {
  /** This party's own set, as the record has it; null where none is open. */
  readonly own: {
    readonly set: string;
    readonly epoch: number;
    readonly sequence: number | null;
    /** What was asked of it. */
    readonly pooled: number;
    readonly pool: number;
    readonly partners: readonly { readonly party: string; readonly spent: number; readonly budget: number }[];
  } | null;
  /** Why the own set cannot be as the settings want it. */
  readonly fault: string | null;
  /**
   * Where what a partner put on the record of this party's questions does not agree with the receipts that both have
   * signed, which are here; `said` is its statement, where it has made one. Of sets that are over, too.
   */
  readonly disputes: readonly {
    readonly party: string;
    readonly set: string;
    readonly epoch: number;
    readonly said: { readonly log: string; readonly index: number } | null;
    readonly flaw: string;
  }[];
  /** The sets of others that are for this party. */
  readonly partners: readonly {
    readonly party: string;
    readonly set: string;
    readonly epoch: number;
    readonly sequence: number;
    /** The class of the set. */
    readonly count: number;
    readonly spent: number;
    readonly budget: number;
    /** Whether all of the newest edition is here, and why not. */
    readonly isHere: boolean;
    readonly fault: string | null;
  }[];
}

/**
 * `POST /api/match/ask`, `POST /api/match/lookup`: 1 to 16,384 indicators in canonical form; answered with a `Spending`, a
 * `Lookup`. `POST /api/match/known`: none to 16,384; answered with a `Lookup` of those whose answers are here.
 */
export interface LookupInput {
  readonly partner: string;
  readonly indicators: readonly Question[];
}
