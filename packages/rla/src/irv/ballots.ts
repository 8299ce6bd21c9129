import { assert } from "@detente/basics";
import type { ContestVotes } from "../cvr.ts";
import { ranking } from "./ranking.ts";

/** The ballots as a tree of their beginnings, in depth-first order. */
interface Tree {
  /** The last preference of each beginning. */
  readonly candidate: Uint16Array;
  /** How many ballots begin so. */
  readonly count: Uint32Array;
  /** Where what does not begin so goes on. */
  readonly after: Uint32Array;
}

/**
 * The ballots of an IRV contest. Their votes for a set of standing candidates are counted along the tree of their
 * beginnings, without looking at what comes after the first of the set.
 */
export class IrvBallots {
  readonly candidates: number;
  /** Rankings as strings of candidates' numbers, with how many ballots have them. */
  readonly #rankings = new Map<string, number>();
  #tree: Tree | undefined;

  constructor(candidates: number) {
    assert(candidates > 0 && candidates < 65_536, "candidates have 16-bit numbers");
    this.candidates = candidates;
  }

  add(votes: ContestVotes): void {
    this.addRanking(ranking(votes));
  }

  /** `count` ballots that prefer these candidates in this order, each of them once. */
  addRanking(preferred: readonly number[], count = 1): void {
    assert(
      preferred.every((candidate) => candidate < this.candidates),
      "a ranking names candidates of the contest",
    );
    const key = String.fromCharCode(...preferred);
    this.#rankings.set(key, (this.#rankings.get(key) ?? 0) + count);
    this.#tree = undefined;
  }

  /** The votes of each candidate when those with a 1 in `standing` stand: the ballots that prefer it to the others. */
  tally(standing: Uint8Array): Uint32Array {
    const { candidate, count, after } = this.#laidOut();
    const votes = new Uint32Array(this.candidates);
    for (let at = 0; at < candidate.length;) {
      const named = candidate[at] as number;
      if (standing[named] === 1) {
        votes[named] = (votes[named] as number) + (count[at] as number);
        at = after[at] as number;
      } else at++;
    }
    return votes;
  }

  /** At `w·candidates + l` the most votes that l can have while w stands: ballots that name l, and not w before it. */
  mostWhileStanding(): Uint32Array {
    const { candidate, count, after } = this.#laidOut();
    const n = this.candidates;
    const most = new Uint32Array(n * n);
    const path: number[] = [];
    const named = new Uint8Array(n);
    for (let at = 0; at < candidate.length; at++) {
      while (path.length > 0 && (after[path.at(-1) as number] as number) <= at) {
        named[candidate[path.pop() as number] as number] = 0;
      }
      const loser = candidate[at] as number;
      named[loser] = 1;
      path.push(at);
      for (let winner = 0; winner < n; winner++) {
        if (named[winner] === 1) continue;
        most[winner * n + loser] = (most[winner * n + loser] as number) + (count[at] as number);
      }
    }
    return most;
  }

  #laidOut(): Tree {
    if (this.#tree !== undefined) return this.#tree;
    const candidate: number[] = [];
    const count: number[] = [];
    const after: number[] = [];
    const path: number[] = [];
    let previous = "";
    for (const key of [...this.#rankings.keys()].sort()) {
      let shared = 0;
      while (shared < path.length && previous.charCodeAt(shared) === key.charCodeAt(shared)) shared++;
      while (path.length > shared) after[path.pop() as number] = candidate.length;
      for (let depth = shared; depth < key.length; depth++) {
        path.push(candidate.push(key.charCodeAt(depth)) - 1);
        count.push(0);
      }
      const ballots = this.#rankings.get(key) as number;
      for (const at of path) count[at] = (count[at] as number) + ballots;
      previous = key;
    }
    for (const at of path) after[at] = candidate.length;
    return (this.#tree = {
      candidate: Uint16Array.from(candidate),
      count: Uint32Array.from(count),
      after: Uint32Array.from(after),
    });
  }
}

/** Who wins the count, and who is eliminated in which order; `undefined` where candidates tie for elimination. */
export function countIrv(ballots: IrvBallots): { readonly winner: number; readonly eliminated: number[] } | undefined {
  const standing = new Uint8Array(ballots.candidates).fill(1);
  const eliminated: number[] = [];
  while (eliminated.length < ballots.candidates - 1) {
    const votes = ballots.tally(standing);
    let last: number | undefined;
    let tied = false;
    for (let candidate = 0; candidate < ballots.candidates; candidate++) {
      if (standing[candidate] === 0) continue;
      const fewer = last === undefined ? -1 : (votes[candidate] as number) - (votes[last] as number);
      if (fewer < 0) [last, tied] = [candidate, false];
      else if (fewer === 0) tied = true;
    }
    if (tied || last === undefined) return undefined;
    standing[last] = 0;
    eliminated.push(last);
  }
  return { winner: standing.indexOf(1), eliminated };
}
