import type { CvrReading, ReadFault } from "@detente/rla";
import { readOrTrouble } from "./read-or-trouble.ts";

/** Phantoms that are named; the rest is counted. */
const MAX_NAMED = 100;

interface ContestSummary {
  readonly name: string;
  readonly voteFor: number | undefined;
  readonly isRanked: boolean;
  /** Cards that the contest is on. */
  readonly cards: number;
  /** Cards with more marks than a voter may make; undefined where nobody says how many those are. */
  readonly overvoted: number | undefined;
  readonly choices: readonly {
    readonly name: string;
    readonly isWriteIn: boolean;
    /** Marks for this choice on all cards; in a ranked contest those that rank it first. */
    readonly marks: number;
  }[];
}

interface CvrSummary {
  readonly cards: number;
  readonly phantoms: number;
  /** At most 100 of those that became phantoms. */
  readonly faults: readonly ReadFault[];
  readonly contests: readonly ContestSummary[];
}

/** Goes through all cards of an export and counts. A fault that ends the reading is trouble. */
export async function summarise(reading: CvrReading): Promise<CvrSummary> {
  const faults: ReadFault[] = [];
  let [cards, phantoms] = [0, 0];
  const tallies = reading.contests.map(({ candidates }) => ({ cards: 0, over: 0, marks: candidates.map(() => 0) }));
  for await (const block of reading.blocks()) {
    const read = readOrTrouble(block);
    cards += read.cards.length;
    phantoms += read.phantoms.length;
    faults.push(...read.phantoms.slice(0, MAX_NAMED - faults.length));
    for (const { votes } of read.cards) {
      for (const { contest, candidates, ranks } of votes) {
        const tally = tallies[contest] as (typeof tallies)[number];
        tally.cards++;
        if (candidates.length > (reading.contests[contest]?.voteFor ?? Number.POSITIVE_INFINITY)) tally.over++;
        for (let i = 0; i < candidates.length; i++) {
          const candidate = candidates[i] as number;
          if (ranks[i] === 1) tally.marks[candidate] = (tally.marks[candidate] ?? 0) + 1;
        }
      }
    }
  }
  const contests = reading.contests.map(({ name, voteFor, isRanked, candidates }, contest): ContestSummary => {
    const { cards: on, over, marks } = tallies[contest] as (typeof tallies)[number];
    const choices = candidates.map(({ name: choice, isWriteIn }, i) => ({
      name: choice,
      isWriteIn,
      marks: marks[i] ?? 0,
    }));
    return {
      name,
      voteFor,
      isRanked,
      cards: on,
      overvoted: isRanked || voteFor === undefined ? undefined : over,
      choices,
    };
  });
  return { cards, phantoms, faults, contests };
}
