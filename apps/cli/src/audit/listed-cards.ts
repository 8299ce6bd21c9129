import type { CardName, ContestContent, Marks } from "@detente/record";
import type { CastVoteRecord, ContestVotes, CvrReading, ReadFault } from "@detente/rla";
import type { ListedCard } from "@detente/unit";
import { Trouble } from "../trouble.ts";
import { readOrTrouble } from "./read-or-trouble.ts";

/** The cards of an export as an audit's charter names contests and candidates, and the rows that are phantoms. */
export async function listedCards(
  charter: ContestContent,
  reading: CvrReading,
): Promise<{ readonly cards: readonly ListedCard[]; readonly phantoms: readonly ReadFault[] }> {
  const numbers = reading.contests.map((contest) => numbersOf(charter, contest));
  for (const { id, name } of charter.contests) {
    if (numbers.some((found) => found?.id === id)) continue;
    throw new Trouble(
      name,
      "is no contest of these records",
      `they hold ${reading.contests.map((each) => each.name).join(", ")}`,
    );
  }
  const cards: ListedCard[] = [];
  const phantoms: ReadFault[] = [];
  for await (const block of reading.blocks()) {
    const { cards: read, phantoms: lost } = readOrTrouble(block);
    phantoms.push(...lost);
    for (const card of read) cards.push({ card: nameOf(card), marks: marksOf(card, numbers) });
  }
  return { cards, phantoms };
}

/** Where a card lies: its position where the records have one, else the number imprinted on it. */
function nameOf({ batch, position, id }: CastVoteRecord): CardName {
  return [batch, position ?? id];
}

interface Numbers {
  readonly id: string;
  /** The charter's number of each candidate of the file; undefined for one that the charter does not have. */
  readonly candidates: readonly (number | undefined)[];
  readonly names: readonly string[];
}

function numbersOf(charter: ContestContent, contest: CvrReading["contests"][number]): Numbers | undefined {
  const audited = charter.contests.find(({ id, name }) => id === contest.id || name === contest.name);
  if (audited === undefined) return undefined;
  const candidates = contest.candidates.map(({ id, name }) => {
    const byName = audited.candidates.indexOf(name);
    const at = byName >= 0 ? byName : audited.candidates.indexOf(id);
    return at >= 0 ? at : undefined;
  });
  return { id: audited.id, candidates, names: contest.candidates.map(({ name }) => name) };
}

function marksOf({ votes }: CastVoteRecord, numbers: readonly (Numbers | undefined)[]): ListedCard["marks"] {
  const marks = new Map<string, NonNullable<Marks>>();
  for (const each of votes) {
    const known = numbers[each.contest];
    if (known !== undefined) marks.set(known.id, inOrder(each, known));
  }
  return marks;
}

function inOrder({ candidates, ranks }: ContestVotes, known: Numbers): NonNullable<Marks> {
  const marks = new Map<string, readonly [number, number]>();
  for (const [i, candidate] of candidates.entries()) {
    const number = known.candidates[candidate];
    if (number === undefined) {
      throw new Trouble(
        known.names[candidate] ?? "?",
        `has votes in ${known.id}, and the audit's charter does not know it`,
        "name every candidate in the charter, write-ins too",
      );
    }
    marks.set(`${number} ${ranks[i]}`, [number, ranks[i] as number]);
  }
  return [...marks.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
