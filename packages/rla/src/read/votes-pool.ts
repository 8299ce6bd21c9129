import type { ContestVotes } from "../cvr.ts";

/** What a mark in one column, or of one position on the ballot, says. */
export interface Mark {
  readonly candidate: number;
  readonly rank: number;
}

const SLOTS = 512;

/**
 * Makes the votes of one contest. Most voters vote alike, so the votes made last are kept and given again: a card costs
 * no more memory than its list of contests.
 */
export class VotesPool {
  readonly #contest: number;
  readonly #marks: readonly Mark[];
  readonly #slots: (ContestVotes | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** @param marks what each of the contest's columns says */
  constructor(contest: number, marks: readonly Mark[]) {
    this.#contest = contest;
    this.#marks = marks;
  }

  /** @param columns the first `count` are those marked, in ascending order */
  of(columns: Int32Array, count: number): ContestVotes {
    let hash = count;
    for (let i = 0; i < count; i++) hash = Math.imul(hash, 31) + (columns[i] as number);
    const slot = hash & (SLOTS - 1);
    const kept = this.#slots[slot];
    if (kept !== undefined && this.#isEqual(kept, columns, count)) return kept;
    const votes = this.#make(columns, count);
    this.#slots[slot] = votes;
    return votes;
  }

  #isEqual({ candidates, ranks }: ContestVotes, columns: Int32Array, count: number): boolean {
    if (candidates.length !== count) return false;
    for (let i = 0; i < count; i++) {
      const mark = this.#marks[columns[i] as number] as Mark;
      if (mark.candidate !== candidates[i] || mark.rank !== ranks[i]) return false;
    }
    return true;
  }

  #make(columns: Int32Array, count: number): ContestVotes {
    const candidates = new Uint16Array(count);
    const ranks = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const mark = this.#marks[columns[i] as number] as Mark;
      candidates[i] = mark.candidate;
      ranks[i] = mark.rank;
    }
    return { contest: this.#contest, candidates, ranks };
  }
}
