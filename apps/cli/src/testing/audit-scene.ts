import type { Appended } from "@detente/station";
import { type Name, NAMES, type ThreeStations } from "./three-stations.ts";

/** What is on the paper: of 200 cards in two batches 120 for Ada, 60 for Bob, 20 blank. */
export const BATCHES: readonly {
  readonly batch: number;
  readonly cards: readonly { readonly place: number; readonly vote: string }[];
}[] = [1, 2].map((batch) => ({
  batch,
  cards: Array.from({ length: 100 }, (_, i) => ({
    place: i + 1,
    vote: i % 10 < 6 ? "Ada" : i % 10 < 9 ? "Bob" : "none",
  })),
}));

/** alpha holds the paper, bravo and charlie read it, all three are auditors. */
export function charterOf(rounds: readonly { readonly round: number; readonly at: number }[]): object {
  return {
    title: "Mayor of Smallville",
    holder: "alpha",
    auditors: NAMES,
    boards: ["bravo", "charlie"],
    riskLimit: 50_000,
    test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
    seed: { dice: 4, beacon: { name: "drand", rounds } },
    leastStyle: 5,
    malformed: "phantom",
    contests: [
      {
        id: "mayor",
        name: "Mayor",
        candidates: ["Ada", "Bob"],
        rule: { method: "plurality", seats: 1, marks: 1 },
        bound: 201,
        rounds: [30, 60],
      },
    ],
  };
}

export function exportOfRecords(): string {
  const rows = BATCHES.flatMap(({ batch, cards }) =>
    cards.map(
      ({ place, vote }) =>
        `${batch * 1000 + place},5,${batch},${place},5-${batch}-${place},Mail,P1,A,${vote === "Ada" ? 1 : 0},${vote === "Bob" ? 1 : 0}`,
    ),
  );
  return [
    '"Smallville",5.17.17.1,,,,,,,,',
    ',,,,,,,,"Mayor (Vote For=1)","Mayor (Vote For=1)"',
    ",,,,,,,,Ada,Bob",
    "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,",
    ...rows,
    "",
  ].join("\r\n");
}

export const MANIFEST = "Tabulator,Batch Name,Number of Ballots\n5,1,100\n5,2,100\n";

/** An audit that three stations run by the command line. */
export class AuditScene {
  readonly stations: ThreeStations;
  /** Hash of the audit's charter, once it is open. */
  audit = "";

  constructor(stations: ThreeStations) {
    this.stations = stations;
  }

  /** Says something and waits until it is in effect everywhere. */
  async say(name: Name, ...argv: readonly string[]): Promise<void> {
    const answer = await this.stations.json<Partial<Appended> & Record<"said" | "sealed" | "shown", Appended[]>>(
      name,
      ...argv,
    );
    const hashes = [answer, ...(answer.said ?? []), ...(answer.sealed ?? []), ...(answer.shown ?? [])].flatMap(
      ({ leafHash }) => leafHash ?? [],
    );
    await this.settled(...hashes);
  }

  async settled(...hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) for (const at of NAMES) await this.stations.effective(at, hash);
  }

  async next(name: Name): Promise<string> {
    return (await this.stations.as(name, "audit", "next", this.audit)).out.trim();
  }
}
