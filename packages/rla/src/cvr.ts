/** The marks of one contest on a card: candidate index (into the contest's candidates) → rank, 1 the first; plain marks all have rank 1. */
export interface ContestVotes {
  readonly contest: number;
  readonly candidates: Uint16Array;
  readonly ranks: Uint8Array;
}

/** One card as a voting system recorded it. `votes` holds an entry for every contest that is on the card, also an undervoted one. */
export interface CastVoteRecord {
  readonly id: string;
  readonly batch: string;
  readonly position: number | undefined;
  readonly style: string | undefined;
  readonly votes: readonly ContestVotes[];
}
