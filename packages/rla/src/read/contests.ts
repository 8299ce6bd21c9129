import { type Result, ok } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { Candidate, CvrContest } from "./cards.ts";
import type { ReadCode, RowFault } from "./fault.ts";
import { LIMITS } from "./input.ts";

/** A contest that a reader is putting together. */
export class ContestBuilder {
  readonly id: string;
  readonly name: string;
  voteFor: number | undefined;
  isRanked = false;
  readonly candidates: Candidate[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(id: string, name: string, voteFor?: number) {
    this.id = id;
    this.name = name;
    this.voteFor = voteFor;
  }

  /** The number of a candidate, which is given one if it has none. */
  candidate(id: string, name: string = id, isWriteIn: boolean = isWriteInName(name)): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.candidates.push({ id, name, isWriteIn }) - 1;
    this.#numbers.set(id, number);
    return number;
  }

  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  finish(): CvrContest {
    const { id, name, candidates, voteFor, isRanked } = this;
    return { id, name, candidates, voteFor, isRanked };
  }
}

/** The contests of a file while they are put together, under the limits that hold for any file. */
export class Contests {
  readonly all: ContestBuilder[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a contest, where it is known. */
  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  get(id: string): ContestBuilder | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.all[number];
  }

  add(id: string, name: string, voteFor?: number): ContestBuilder {
    const contest = new ContestBuilder(id, name, voteFor);
    this.#numbers.set(id, this.all.push(contest) - 1);
    return contest;
  }

  /** The contests, unless they are more, or have longer names, than any election's. */
  finish(): Result<readonly CvrContest[], RowFault> {
    if (this.all.length === 0) return fault("bad-header", "names no contest; is this a file of cast-vote records?");
    if (this.all.length > LIMITS.contests) return fault("too-many", `has more than ${LIMITS.contests} contests`);
    for (const contest of this.all) {
      const { name, candidates } = contest;
      if (candidates.length > LIMITS.candidates) {
        return fault("too-many", `the contest ${quote(name)} has more than ${LIMITS.candidates} candidates`);
      }
      const long = [name, ...candidates.map((candidate) => candidate.name)].find((text) => text.length > LIMITS.text);
      if (long !== undefined) return fault("too-large", `the name ${quote(long)} is longer than ${LIMITS.text}`);
    }
    return ok(this.all.map((contest) => contest.finish()));
  }
}

function isWriteInName(name: string): boolean {
  return /^\W*write[\s-]?in/i.test(name);
}

function fault(code: ReadCode, message: string): Result<never, RowFault> {
  return { ok: false, fault: { code, message } };
}
