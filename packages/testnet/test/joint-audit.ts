import { type Json, sha256, toHex, utf8 } from "@detente/basics";
import { type CardName, type ContestContent, type Marks, sealCommitment } from "@detente/record";
import {
  cardKey,
  collectionOf,
  type Commitment,
  commitRecords,
  contestState,
  type ContestState,
  itemOf,
  type ListedCard,
} from "@detente/unit";
import type { HostileParty, TestStation, TestUnit, Words } from "../src/index.ts";

/** The parties beside mallory. */
export const HONEST = ["alfa", "bravo", "charlie"] as const;

const KEY: Uint8Array = sha256(utf8("mallory's key"));
export const SALT: Uint8Array = sha256(utf8("salt"));

/** 120 cards, 80 for Ada and 40 for Bob: every third. */
export const onPaper = (place: number): NonNullable<Marks> => [[place % 3 === 0 ? 1 : 0, 1]];

export function charterOf(holder: string, boards: readonly string[], sample = 30): ContestContent {
  return {
    title: `An audit of what ${holder} holds`,
    holder,
    auditors: [...HONEST, "mallory"],
    boards,
    riskLimit: 100_000,
    test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
    seed: { dice: 1, beacon: { name: "drand", rounds: [{ round: 1, at: 2_000_000_000_000 }] } },
    leastStyle: 5,
    malformed: "phantom",
    contests: [
      {
        id: "mayor",
        name: "Mayor",
        candidates: ["Ada", "Bob"],
        rule: { method: "plurality", seats: 1, marks: 1 },
        bound: 120,
        rounds: [sample],
      },
    ],
  };
}

/** What is recorded, of the paper unless a test says otherwise; null for a card without the contest. */
export function recordsOf(
  charter: ContestContent,
  cards: number,
  key = KEY,
  recordedOf: (place: number) => Marks = onPaper,
): Commitment {
  const recorded = Array.from({ length: cards }, (_, i): ListedCard => {
    const marks = recordedOf(i + 1);
    return { card: ["b", i + 1], marks: new Map(marks === null ? [] : [["mayor", marks]]) };
  });
  const committed = commitRecords(charter, [{ name: "b", cards }], recorded, key);
  if (!committed.ok) throw new Error(committed.fault.message);
  return committed.value;
}

/** One audit as the test drives it: what the honest do goes through their stations, what mallory does through its log. */
export class JointAudit {
  readonly commitment: Commitment;
  hash = "";
  records = "";
  readonly seals = new Map<string, string>();
  readonly shares: string[] = [];
  readonly closings: string[] = [];
  readonly #unit: TestUnit;
  readonly #mallory: HostileParty;
  readonly #charter: ContestContent;
  readonly #said: string[] = [];

  constructor(unit: TestUnit, charter: ContestContent, commitment: Commitment) {
    this.#unit = unit;
    this.#mallory = unit.hostile("mallory");
    this.#charter = charter;
    this.commitment = commitment;
  }

  /** Until the seals: all accept, the holder commits, all auditors seal. */
  async begin(): Promise<void> {
    this.hash = await this.say("alfa", { type: "open", kind: "contest", content: this.#charter as unknown as Json });
    for (const party of this.#charter.auditors)
      await this.say(party, { type: "position", kind: "accept", content: {} });
    this.records = await this.say(this.#charter.holder, {
      type: "exhibit",
      kind: "records",
      content: this.commitment.content as unknown as Json,
    });
    for (const party of this.#charter.auditors)
      this.seals.set(party, await this.seal(party, this.contribution(party), [this.records]));
  }

  contribution(party: string): Json {
    return { by: party, random: toHex(sha256(utf8(`${party}'s bits`))) };
  }

  seal(party: string, content: Json, about: readonly string[]): Promise<string> {
    return this.say(party, {
      type: "seal",
      kind: "commitment",
      content: { commitment: sealCommitment(SALT, content) },
      of: about,
    });
  }

  async finishSeed(by: readonly string[] = HONEST): Promise<void> {
    for (const party of by) {
      const unseals = { seal: this.seals.get(party) ?? "", salt: toHex(SALT) };
      const words = {
        type: "observe",
        kind: "seed-share",
        content: this.contribution(party),
        of: [...this.seals.values()],
        unseals,
      } as const;
      this.shares.push(await this.say(party, words));
    }
    for (const party of HONEST) this.closings.push(await this.close(party));
    for (const party of HONEST) await this.chance(party);
  }

  close(party: string, shares: readonly string[] = this.shares): Promise<string> {
    return this.say(party, { type: "observe", kind: "seed-closing", content: { attempt: 1 }, of: shares });
  }

  chance(party: string, value = "ab".repeat(32), closings: readonly string[] = this.closings): Promise<string> {
    const content = { attempt: 1, dice: [4], beacon: { name: "drand", round: 1, value } };
    return this.say(party, { type: "observe", kind: "seed-chance", content, of: closings });
  }

  /** Both boards seal and show what they read. */
  async read(boards: readonly (readonly [by: string, read: (place: number) => Marks])[]): Promise<string[]> {
    const contents = boards.map(([by, read]) => ({ by, content: this.readings(by, read) }));
    const seals: string[] = [];
    for (const { by, content } of contents) seals.push(await this.seal(by, content, [this.records]));
    const shown: string[] = [];
    for (const [i, { by, content }] of contents.entries()) {
      shown.push(await this.show(by, seals[i] ?? "", seals, content));
    }
    return shown;
  }

  cards(): CardName[] {
    return this.state().contests[0]!.drawn.flatMap(({ card }) => (card === undefined ? [] : [card]));
  }

  readings(by: string, read: (place: number) => Marks = onPaper): Json {
    const readings = this.cards().map((card) => ({ card, marks: read(Number(card[1])) }));
    return { by, contest: "mayor", readings };
  }

  show(by: string, seal: string, seals: readonly string[], content: Json = this.readings(by)): Promise<string> {
    return this.say(by, {
      type: "observe",
      kind: "readings",
      content,
      of: seals,
      unseals: { seal, salt: toHex(SALT) },
    });
  }

  /** Opens cards, as `lie` has them. */
  open(readings: readonly string[], lie: (marks: Marks) => Marks = (marks) => marks): Promise<string> {
    const items = this.commitment.items.get("mayor") ?? [];
    const collection = collectionOf(KEY, "mayor", items);
    const openings = this.cards().flatMap((card) => {
      const index = items.findIndex((item) => cardKey(item.card) === cardKey(card));
      const { marks } = items[index]!;
      const { salt, proof } = collection.open(index, itemOf(card, marks));
      return [{ index, salt: toHex(salt), card, marks: lie(marks), proof: proof.map(toHex) }];
    });
    const content = { contest: "mayor", openings } as unknown as Json;
    return this.say(this.#charter.holder, { type: "exhibit", kind: "openings", content, of: readings });
  }

  /** Says something about the audit. It may name what is not in effect yet: `settle` waits for all of it. */
  async say(party: string, { of = [], ...words }: Words): Promise<string> {
    const about = [...new Set([...(this.hash === "" ? [] : [this.hash]), ...of])];
    const said = { ...words, of: about };
    const hash =
      party === "mallory" ? this.#mallory.write(said).hash : await asStation(this.#unit.station(party), said);
    this.#said.push(hash);
    return hash;
  }

  /** Waits until all that was said is in effect everywhere. */
  async settle(): Promise<void> {
    await this.#unit.spread(this.#mallory);
    await this.#unit.untilEffective(...this.#said.splice(0));
  }

  async sign(evidence: readonly string[]): Promise<void> {
    const { now } = this.state().contests[0]!;
    const content = {
      contest: "mayor",
      round: 1,
      drawn: now!.drawn,
      overstatements: now!.overstatements,
      risk: 1,
    } as unknown as Json;
    for (const party of HONEST) await this.say(party, { type: "observe", kind: "audit-risk", content, of: evidence });
  }

  /** What alfa's station makes of it. All others make the same of it, or this throws. */
  state(): ContestState {
    const states = this.#unit.stations().map(({ fold }) => contestState(fold.contest(this.hash)!, this.commitment));
    const seen = states.map(({ seed, faults, contests }) =>
      JSON.stringify([
        toHex(seed.seed ?? utf8("")),
        faults,
        contests.map(({ verdict, now, lacking }) => [verdict, now, lacking]),
      ]),
    );
    if (new Set(seen).size !== 1) throw new Error(`stations differ: ${seen.join("\n")}`);
    return states[0]!;
  }

  faults(): string[] {
    return [...new Set(this.state().faults.map(({ party, code }) => `${party} ${code}`))];
  }
}

async function asStation(station: TestStation, words: Words): Promise<string> {
  const { type = "open", kind = "", of = [], content = null, unseals } = words;
  const input = {
    type,
    kind,
    of,
    audience: "unit",
    content,
    ...(unseals === undefined ? {} : { unseals: { ...unseals } }),
  };
  const { status, body } = await station.api("POST", "/api/statements", input);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return (body as { readonly leafHash: string }).leafHash;
}
