import { canonicalJson, type Json, sha256, toHex, utf8 } from "@detente/basics";
import { type CardName, type ContestContent, type Marks, sealCommitment } from "@detente/record";
import {
  type CardList,
  cardKey,
  claimOf,
  collectionOf,
  type Commitment,
  commitRecords,
  type ContestFiles,
  type ContestPools,
  type ContestProgress,
  type ContestRecord,
  contestState,
  type ContestState,
  type ListedCard,
  numbersOf,
  parseCards,
} from "../src/index.ts";
import { type Actor, Scene, type Words, type Written } from "./scene.ts";

/** The charter of a small audit: a mayor on every card, and a council on half of them. */
export const CHARTER: ContestContent = {
  title: "A small election",
  holder: "office",
  auditors: ["east", "north", "south"],
  boards: ["north", "south"],
  riskLimit: 50_000,
  test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
  seed: {
    dice: 3,
    beacon: {
      name: "drand",
      rounds: [
        { round: 7, at: 1_900_000_000_000 },
        { round: 8, at: 1_900_000_060_000 },
      ],
    },
  },
  leastStyle: 5,
  malformed: "phantom",
  contests: [
    {
      id: "mayor",
      name: "Mayor",
      candidates: ["Ada", "Bob"],
      rule: { method: "plurality", seats: 1, marks: 1 },
      bound: 300,
      rounds: [40, 80],
    },
    {
      id: "council",
      name: "Council",
      candidates: ["Cem", "Dov", "Eve"],
      rule: { method: "plurality", seats: 1, marks: 1 },
      bound: 150,
      rounds: [30, 60],
    },
  ],
};

export const MANIFEST = [
  { name: "a", cards: 150 },
  { name: "b", cards: 150 },
];

/** What is on the paper: 180 for Ada and 90 for Bob of 300; of the 150 cards of batch a 90 for Cem, 40 for Dov. */
export function paper(batch: string, place: number): ReadonlyMap<string, NonNullable<Marks>> {
  const of = (candidate: number | undefined): NonNullable<Marks> => (candidate === undefined ? [] : [[candidate, 1]]);
  const turn = place % 10;
  const marks = new Map([["mayor", of(turn < 6 ? 0 : turn < 9 ? 1 : undefined)]]);
  if (batch === "a") marks.set("council", of(place % 15 < 9 ? 0 : place % 15 < 13 ? 1 : 2));
  return marks;
}

export function allCards(): ListedCard[] {
  return MANIFEST.flatMap(({ name, cards }) =>
    Array.from({ length: cards }, (_, i) => ({ card: [name, i + 1] as CardName, marks: paper(name, i + 1) })),
  );
}

interface Start {
  readonly charter?: ContestContent;
  readonly recorded?: readonly ListedCard[];
  readonly manifest?: typeof MANIFEST;
  readonly pools?: ContestPools;
}

/** An audit by the book, step by step, any of which a test may take otherwise. */
export class ContestScene {
  readonly scene = new Scene("east", "north", "office", "south");
  readonly charter: ContestContent;
  readonly contest: Written;
  commitment: Commitment;
  records: Written | undefined;
  readonly seals = new Map<string, { readonly written: Written; readonly random: string }>();
  readonly shares: Written[] = [];
  readonly closings: Written[] = [];
  readonly chances: Written[] = [];

  constructor({ charter = CHARTER, recorded = allCards(), manifest = MANIFEST, pools }: Start = {}) {
    this.charter = charter;
    this.scene.found();
    const committed = commitRecords(charter, manifest, recorded, KEY, claimOf, pools);
    if (!committed.ok) throw new Error(committed.fault.message);
    this.commitment = committed.value;
    this.contest = this.say("office", { type: "open", kind: "contest", content: charter }, []);
    this.settle();
    for (const party of ["east", "north", "office", "south"]) {
      this.say(party, { type: "position", kind: "accept", content: {} });
    }
  }

  actor(name: string): Actor {
    return this.scene.actors.find((actor) => actor.name === name)!;
  }

  /** Says something about the audit and what else it refers to. */
  say(party: string, words: Words, about: readonly { readonly hash: string }[] = [this.contest]): Written {
    const of = [...new Set([...(words.kind === "contest" ? [] : [this.contest]), ...about].map(({ hash }) => hash))];
    return this.scene.say(this.actor(party), { ...words, of });
  }

  settle(): void {
    this.scene.settle();
  }

  commit(content: Commitment["content"] = this.commitment.content): Written {
    const records = this.say("office", { type: "exhibit", kind: "records", content });
    this.records ??= records;
    this.settle();
    return records;
  }

  seal(party: string, records: Written = this.records!): Written {
    const random = toHex(sha256(utf8(`random of ${party}`)));
    const written = this.sealed(party, { by: party, random }, [records]);
    this.seals.set(party, { written, random });
    return written;
  }

  /** Seals any content, with a salt that follows from the party's name. */
  sealed(party: string, content: Json, about: readonly Written[]): Written {
    const commitment = sealCommitment(sha256(utf8(`salt of ${party}`)), content);
    return this.say(party, { type: "seal", kind: "commitment", content: { commitment } }, about);
  }

  unseals(party: string, seal: Written): { readonly seal: string; readonly salt: string } {
    return { seal: seal.hash, salt: toHex(sha256(utf8(`salt of ${party}`))) };
  }

  show(party: string): Written {
    const { written, random } = this.seals.get(party)!;
    const seals = [...this.seals.values()].map((seal) => seal.written);
    const content = { by: party, random };
    const shown = this.say(
      party,
      { type: "observe", kind: "seed-share", content, unseals: this.unseals(party, written) },
      seals,
    );
    this.shares.push(shown);
    return shown;
  }

  close(party: string, shares: readonly { readonly hash: string }[] = this.shares, attempt = 1): Written {
    const closing = this.say(party, { type: "observe", kind: "seed-closing", content: { attempt } }, shares);
    this.closings.push(closing);
    return closing;
  }

  chance(party: string, value = "ab".repeat(32), attempt = 1): Written {
    const beacon = { name: "drand", round: 6 + attempt, value };
    const content = { attempt, dice: [1, 2, 3], beacon };
    const chance = this.say(party, { type: "observe", kind: "seed-chance", content }, this.closings);
    this.chances.push(chance);
    return chance;
  }

  /** The whole seed by the book, with a beacon of one's choice: so tests can have several samples. */
  makeSeed(value?: string): void {
    this.commit();
    for (const party of this.charter.auditors) this.seal(party);
    this.settle();
    for (const party of this.charter.auditors) this.show(party);
    this.settle();
    for (const party of this.charter.auditors) this.close(party);
    this.settle();
    for (const party of this.charter.auditors) this.chance(party, value);
    this.settle();
  }

  /** Cards of the round under way that are drawn of a contest. */
  drawn(contest: string): CardName[] {
    return this.progress(contest).drawn.flatMap(({ card }) => (card === undefined ? [] : [card]));
  }

  /** Both boards read cards blind, what is on the paper unless a test says otherwise. */
  read(
    contest: string,
    cards: readonly CardName[] = this.drawn(contest),
    marksBy: (board: string, card: CardName) => Marks | "missing" = (_, [batch, place]) =>
      paper(batch, Number(place)).get(contest) ?? null,
  ): Written[] {
    const boards = this.charter.boards.map((board) => {
      const content = { by: board, contest, readings: cards.map((card) => ({ card, marks: marksBy(board, card) })) };
      return { board, content, seal: this.sealed(board, content, this.chances) };
    });
    this.settle();
    const shown = boards.map(({ board, content, seal }) =>
      this.say(
        board,
        { type: "observe", kind: "readings", content, unseals: this.unseals(board, seal) },
        boards.map((each) => each.seal),
      ),
    );
    this.settle();
    return shown;
  }

  /** The content with which the holder opens cards. */
  openings(
    contest: string,
    cards: readonly CardName[] = this.drawn(contest),
  ): { contest: string; openings: Opening[] } {
    const items = this.commitment.items.get(contest)!;
    const collection = collectionOf(KEY, contest, items);
    const places = new Map(items.map((item, index) => [cardKey(item.card), index]));
    const openings = cards.flatMap((card): Opening[] => {
      const index = places.get(cardKey(card));
      const item = items[index ?? -1];
      if (index === undefined || item === undefined) return [];
      const { salt, proof } = collection.open(index, utf8(canonicalJson({ card: item.card, marks: item.marks })));
      return [{ index, salt: toHex(salt), card: item.card, marks: item.marks, proof: proof.map(toHex) }];
    });
    return { contest, openings };
  }

  open(
    contest: string,
    readings: readonly Written[],
    content: { contest: string; openings: Opening[] } = this.openings(contest),
  ): Written {
    const opened = this.say("office", { type: "exhibit", kind: "openings", content }, readings);
    this.settle();
    return opened;
  }

  /** Auditors state what the evidence gives. */
  risk(
    contest: string,
    evidence: readonly { readonly hash: string }[],
    by: readonly string[] = this.charter.auditors,
    change: object = {},
  ): Written[] {
    const { now, round } = this.progress(contest);
    const content = { contest, round, ...numbersOf(now!), risk: 1, ...change };
    const said = by.map((party) => this.say(party, { type: "observe", kind: "audit-risk", content }, evidence));
    this.settle();
    return said;
  }

  /** A whole round by the book. */
  round(contest: string): void {
    const readings = this.read(contest);
    const opened = this.open(contest, readings);
    this.risk(contest, [...readings, opened]);
  }

  get files(): ContestFiles {
    return { cards: this.commitment.cards, votes: this.commitment.votes };
  }

  get list(): CardList {
    const parsed = parseCards(this.commitment.cards, this.commitment.content.cards);
    if (!parsed.ok) throw new Error(parsed.fault.message);
    return parsed.value;
  }

  record(): ContestRecord {
    return this.scene.fold().contest(this.contest.hash)!;
  }

  state(files: ContestFiles = this.files): ContestState {
    return contestState(this.record(), files);
  }

  progress(contest: string): ContestProgress {
    return this.state().contests.find((each) => each.contest.id === contest)!;
  }

  faults(): string[] {
    return this.state().faults.map(({ code, party }) => `${party} ${code}`);
  }
}

interface Opening {
  index: number;
  salt: string;
  card: CardName;
  marks: Marks;
  proof: readonly string[];
}

const KEY = sha256(utf8("the holder's key"));
