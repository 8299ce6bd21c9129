import type { Result } from "@detente/basics";
import type { CastVoteRecord } from "../cvr.ts";
import type { ReadFault } from "./fault.ts";

export type CvrFormat =
  | "clearballot"
  | "dominion-csv"
  | "dominion-json"
  | "ess"
  | "hart"
  | "nist-json"
  | "nist-xml"
  | "raire";

export interface Candidate {
  /** As the file refers to it; the name where it has no other. */
  readonly id: string;
  readonly name: string;
  readonly isWriteIn: boolean;
}

export interface CvrContest {
  readonly id: string;
  readonly name: string;
  readonly candidates: readonly Candidate[];
  /** How many candidates a voter may choose; undefined where the file does not say. */
  readonly voteFor: number | undefined;
  readonly isRanked: boolean;
}

/**
 * Some cards in the order of the file, and what stands in place of cards that could not be read: a phantom counts in
 * every contest as a card of which nothing is known.
 */
export interface CardBlock {
  readonly cards: readonly CastVoteRecord[];
  readonly phantoms: readonly ReadFault[];
}

/**
 * A file of cast-vote records whose head has been read.
 *
 * Cards come in blocks, so that a million of them cost a few thousand turns of the event loop. A fault is the last
 * thing that `blocks` gives: what came before it is not the whole file. Equal `ContestVotes` of different cards may be
 * the same object; nobody writes into them.
 */
export interface CvrReading {
  readonly format: CvrFormat;
  /** What the file says the election is called; may be empty. */
  readonly election: string;
  readonly contests: readonly CvrContest[];
  readonly blocks: () => AsyncIterable<Result<CardBlock, ReadFault>>;
}

export interface CvrOptions {
  /**
   * What becomes of a row that cannot be understood, as the charter of the contest says: `refuse` ends the reading with
   * its fault, `phantom` goes on and counts a card of which nothing is known.
   */
  readonly malformed: "refuse" | "phantom";
}
