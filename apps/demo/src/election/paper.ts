import { mkdir, writeFile } from "node:fs/promises";

/** A contest of the election of the story, and whether somebody has got at its machines. */
export interface Race {
  readonly id: string;
  readonly name: string;
  /** Who won on paper, then who lost. */
  readonly candidates: readonly [string, string];
  /** Per cent of the cards that bear a mark for each. */
  readonly share: readonly [number, number];
  /** Per cent of the winner's marks that the machines record for the loser. */
  readonly flipped: number;
}

const MAYOR: Race = {
  id: "mayor",
  name: "Mayor of Isle",
  candidates: ["Ada Lind", "Bo Rask"],
  share: [54, 40],
  flipped: 0,
};

/** Hacked: on paper Cleo Vik has 50 of 100 and Dag Holm 42; the machines say 36 and 56. */
export const TREASURER: Race = {
  id: "treasurer",
  name: "Treasurer of Isle",
  candidates: ["Cleo Vik", "Dag Holm"],
  share: [50, 42],
  flipped: 28,
};

export const RACES: readonly Race[] = [MAYOR, TREASURER];

const TABULATOR = 7;
const BATCH = 500;

/** The paper of an election of so many cards: the same on every machine, as it follows from the cards' numbers. */
export class Paper {
  readonly cards: number;

  constructor(cards: number) {
    this.cards = cards;
  }

  /** What a voter marked on card `number`, from 0; `undefined` where it is blank. */
  marked(number: number, { id, share, candidates: [winner, loser] }: Race): string | undefined {
    const at = percentile(number, id);
    if (at < share[0]) return winner;
    return at < share[0] + share[1] ? loser : undefined;
  }

  /** What the machines recorded of it. */
  recorded(number: number, race: Race): string | undefined {
    const [winner, loser] = race.candidates;
    const marked = this.marked(number, race);
    return marked === winner && percentile(number, `${race.id}, hacked`) < race.flipped ? loser : marked;
  }

  /** The card at a place, from 1, of a batch as the command names it. */
  numberAt(batch: string, place: number): number {
    return (Number(batch.slice(`${TABULATOR}/`.length)) - 1) * BATCH + place - 1;
  }

  /** Votes of each candidate by a count of all cards. */
  totals(race: Race): number[] {
    const totals = race.candidates.map(() => 0);
    for (let number = 0; number < this.cards; number++) {
      const at = race.candidates.indexOf(this.marked(number, race) ?? "");
      if (at >= 0) totals[at] = (totals[at] ?? 0) + 1;
    }
    return totals;
  }

  /** Writes what an election office has: the machines' export, as Dominion's CSV, and the manifest of the paper. */
  async write(dir: string): Promise<{ readonly cvr: string; readonly manifest: string }> {
    await mkdir(dir, { recursive: true });
    const fillers = ",".repeat(7);
    const columns = RACES.flatMap(({ candidates }) => candidates);
    const titles = RACES.flatMap(({ name, candidates }) => candidates.map(() => `"${name} (Vote For=1)"`));
    const lines = [
      `"Isle",5.17.17.1,,,,,,${",".repeat(columns.length)}`,
      `${fillers},${titles.join(",")}`,
      `${fillers},${columns.join(",")}`,
      `CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType${",".repeat(columns.length)}`,
    ];
    for (let number = 0; number < this.cards; number++) {
      const [batch, place] = [Math.floor(number / BATCH) + 1, (number % BATCH) + 1];
      const cells = RACES.flatMap((race) => {
        const recorded = this.recorded(number, race);
        return race.candidates.map((candidate) => (candidate === recorded ? 1 : 0));
      });
      const id = `${TABULATOR}-${batch}-${place}`;
      lines.push(`${number + 1},${TABULATOR},${batch},${place},${id},Mail,P1,A,${cells.join(",")}`);
    }
    const batches = Array.from({ length: Math.ceil(this.cards / BATCH) }, (_, i) => {
      return `${TABULATOR},${i + 1},${Math.min(BATCH, this.cards - i * BATCH)}`;
    });
    const [cvr, manifest] = [`${dir}/cvr.csv`, `${dir}/manifest.csv`];
    await writeFile(cvr, [...lines, ""].join("\r\n"));
    await writeFile(manifest, ["Tabulator,Batch Name,Number of Ballots", ...batches, ""].join("\n"));
    return { cvr, manifest };
  }
}

/** A number from 0 to 99 for a card and a purpose: FNV-1a (Fowler, Noll, Vo), its bits mixed once more. */
function percentile(number: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const letter of `${purpose} ${number}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % 100;
}
