import { writeFile } from "node:fs/promises";
import type { Json } from "@detente/basics";
import type { ContestSaid } from "@detente/station";
import { CAST, ISLE, NORLAND, SUDLAND } from "../cast.ts";
import { BEACON, DICE } from "./charter.ts";
import { type Paper, type Race, RACES, TREASURER } from "./paper.ts";

/** What the officers work with. */
export interface Office {
  readonly paper: Paper;
  /** Where their files lie. */
  readonly dir: string;
  /** Hash of the audit's charter. */
  readonly audit: string;
  /** Runs a command of a party's officer; `fine` are the exit codes that are no trouble. */
  readonly run: (party: string, args: readonly string[], fine?: readonly number[]) => Promise<Json>;
}

/** What one party does in a stage. */
interface Act {
  readonly party: string;
  /** Whether the record has it already: so a story that was cut short goes on where it stopped. */
  readonly isDone: (said: ContestSaid) => boolean;
  readonly does: (office: Office, said: ContestSaid) => Promise<void>;
}

/** What parties do at the same time, each by itself. */
export interface Stage {
  readonly tells: string;
  readonly acts: readonly Act[];
}

const RIVALS = [NORLAND.name, SUDLAND.name];

/** From the acceptance of the charter to the count by hand of the contest that was hacked. */
export const STAGES: readonly Stage[] = [
  {
    tells:
      "All three accept the charter of the audit: rounds, risk limit and seed are settled before anything is known",
    acts: CAST.map(({ name }) => saying(name, "position/accept", 1, ({ audit }) => ["say", "accept", audit])),
  },
  {
    tells: "isle commits to the machines' records of all cards, and gives everybody the lists of votes to add up",
    acts: [{ party: ISLE.name, isDone: (said) => count(said, ISLE.name, "exhibit/records") > 0, does: commit }],
  },
  {
    tells: "norland and sudland each seal 256 random bits for the seed of the draw, upon these records",
    acts: RIVALS.map((party) => ({
      party,
      isDone: (said) => count(said, party, "seal/commitment") > 0,
      async does({ run, audit, dir }, said) {
        await run(party, ["audit", "files", audit, ...publicFiles(dir, said)]);
        await run(party, ["audit", "seed", "seal", audit]);
      },
    })),
  },
  {
    tells: "Both show them, once both have sealed",
    acts: RIVALS.map((party) =>
      saying(party, "observe/seed-share", 1, ({ audit }) => ["audit", "seed", "show", audit]),
    ),
  },
  {
    tells: "Both close the contributions, before the beacon's round comes out",
    acts: RIVALS.map((party) =>
      saying(party, "observe/seed-closing", 1, ({ audit }) => ["audit", "seed", "close", audit]),
    ),
  },
  {
    tells: "Both say what dice and beacon gave: nobody could have chosen the cards that are drawn now",
    acts: RIVALS.map((party) =>
      saying(party, "observe/seed-chance", 1, ({ audit }) => {
        return ["audit", "seed", "chance", audit, "--dice", DICE, "--beacon", BEACON];
      }),
    ),
  },
  {
    tells:
      "The board of each reads the drawn cards and seals what it read, knowing neither the other's nor the machines'",
    acts: RIVALS.map((party) => ({
      party,
      // The first seal was that for the seed.
      isDone: (said) => count(said, party, "seal/commitment") > RACES.length,
      does: (office, said) => read(office, party, count(said, party, "seal/commitment") - 1),
    })),
  },
  {
    tells: "Both show what they read",
    acts: RIVALS.map((party) =>
      forEachRace(party, "observe/readings", ({ audit }, { id }) => ["audit", "enter", audit, id]),
    ),
  },
  {
    tells: "isle opens what the machines had recorded of these cards, each with its proof",
    acts: [forEachRace(ISLE.name, "exhibit/openings", ({ audit }, { id }) => ["audit", "open", audit, id])],
  },
  {
    tells: "Both measure the risk that a wrong winner was reported, and sign the numbers",
    acts: RIVALS.map((party) =>
      forEachRace(party, "observe/audit-risk", ({ audit }, { id }) => ["audit", "risk", audit, id, "--sign"], [0, 1]),
    ),
  },
  {
    tells: `Cards of the contest ${TREASURER.id} differ from what the machines recorded of them: both boards count all by hand`,
    acts: RIVALS.map((party) =>
      saying(party, "observe/hand-count", 1, ({ audit, paper }) => {
        const votes = paper.totals(TREASURER);
        const winner = TREASURER.candidates[votes.indexOf(Math.max(...votes))] ?? "-";
        return ["audit", "count", audit, TREASURER.id, "--votes", votes.join(","), "--winners", winner];
      }),
    ),
  },
];

/** How many statements of a kind a party has in effect. */
function count({ statements }: ContestSaid, by: string, kind: string): number {
  return statements.filter(({ party, name }) => party === by && name === kind).length;
}

function saying(party: string, kind: string, times: number, command: (office: Office) => readonly string[]): Act {
  return {
    party,
    isDone: (said) => count(said, party, kind) >= times,
    does: async (office) => void (await office.run(party, command(office))),
  };
}

/** Says one thing for each contest, in their order. */
function forEachRace(
  party: string,
  kind: string,
  command: (office: Office, race: Race) => readonly string[],
  fine?: readonly number[],
): Act {
  return {
    party,
    isDone: (said) => count(said, party, kind) >= RACES.length,
    async does(office, said) {
      for (const race of RACES.slice(count(said, party, kind))) await office.run(party, command(office, race), fine);
    },
  };
}

async function commit({ paper, run, audit, dir }: Office): Promise<void> {
  const { cvr, manifest } = await paper.write(dir);
  await run(ISLE.name, ["audit", "commit", audit, "--manifest", manifest, cvr]);
}

/** Where isle's command has put the lists that it committed to. */
function publicFiles(dir: string, { hash, statements }: ContestSaid): string[] {
  const records = statements.find(({ name }) => name === "exhibit/records")?.content as unknown as Committed;
  const digests = [records.cards.digest, ...records.contests.map(({ votes }) => votes.digest)];
  return digests.map((digest) => `${dir}/../station/audits/${hash}/${digest}.jsonl`);
}

interface Committed {
  readonly cards: { readonly digest: string };
  readonly contests: readonly { readonly votes: { readonly digest: string } }[];
}

/** Draws, reads the paper of the cards that were drawn, and seals a sheet for each contest that was not sealed yet. */
async function read({ run, audit, dir, paper }: Office, party: string, done: number): Promise<void> {
  const { cards } = (await run(party, ["audit", "draw", audit])) as unknown as { readonly cards: readonly Drawn[] };
  for (const race of RACES.slice(done)) {
    const rows = cards.flatMap(({ contest, batch, place }) =>
      contest === race.id && batch !== null && place !== null
        ? [`${batch},${place},${paper.marked(paper.numberAt(batch, place), race) ?? "none"}`]
        : [],
    );
    const sheet = `${dir}/${party}-read-${race.id}.csv`;
    await writeFile(sheet, ["batch,place,votes", ...rows, ""].join("\n"));
    await run(party, ["audit", "enter", audit, race.id, "--read", sheet]);
  }
}

/** A card of `detente audit draw --json`; a phantom has no place. */
interface Drawn {
  readonly contest: string;
  readonly batch: string | null;
  readonly place: number | null;
}
