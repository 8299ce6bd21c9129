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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit, type Words } from "../index.ts";

let unit: TestUnit;
let mallory: HostileParty;
const HONEST = ["alfa", "bravo", "charlie"] as const;
beforeAll(async () => {
  unit = await startTestUnit({ parties: HONEST, hostile: ["mallory"], seed: 71 });
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

const KEY = sha256(utf8("mallory's key"));
const SALT = sha256(utf8("salt"));

/** 120 cards, 80 for Ada and 40 for Bob: every third. */
const onPaper = (place: number): NonNullable<Marks> => [[place % 3 === 0 ? 1 : 0, 1]];

function charterOf(holder: string, boards: readonly string[]): ContestContent {
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
        rounds: [30],
      },
    ],
  };
}

function recordsOf(charter: ContestContent, cards: number, key = KEY): Commitment {
  const recorded = Array.from({ length: cards }, (_, i): ListedCard => ({
    card: ["b", i + 1],
    marks: new Map([["mayor", onPaper(i + 1)]]),
  }));
  const committed = commitRecords(charter, [{ name: "b", cards }], recorded, key);
  if (!committed.ok) throw new Error(committed.fault.message);
  return committed.value;
}

/** One audit as the test drives it: what the honest do goes through their stations, what mallory does through its log. */
class JointAudit {
  readonly commitment: Commitment;
  hash = "";
  records = "";
  readonly seals = new Map<string, string>();
  readonly shares: string[] = [];
  readonly #charter: ContestContent;
  readonly #said: string[] = [];

  constructor(charter: ContestContent, commitment: Commitment) {
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
    const closings: string[] = [];
    for (const party of HONEST)
      closings.push(
        await this.say(party, { type: "observe", kind: "seed-closing", content: { attempt: 1 }, of: this.shares }),
      );
    const content = { attempt: 1, dice: [4], beacon: { name: "drand", round: 1, value: "ab".repeat(32) } };
    for (const party of HONEST) await this.say(party, { type: "observe", kind: "seed-chance", content, of: closings });
  }

  cards(): CardName[] {
    return this.state().contests[0]!.drawn.flatMap(({ card }) => (card === undefined ? [] : [card]));
  }

  readings(by: string): Json {
    const readings = this.cards().map((card) => ({ card, marks: onPaper(Number(card[1])) }));
    return { by, contest: "mayor", readings };
  }

  show(by: string, seal: string, seals: readonly string[]): Promise<string> {
    return this.say(by, {
      type: "observe",
      kind: "readings",
      content: this.readings(by),
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
    const hash = party === "mallory" ? mallory.write(said).hash : await asStation(unit.station(party), said);
    this.#said.push(hash);
    return hash;
  }

  /** Waits until all that was said is in effect everywhere. */
  async settle(): Promise<void> {
    await unit.spread(mallory);
    await unit.untilEffective(...this.#said.splice(0));
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
    const states = unit.stations().map(({ fold }) => contestState(fold.contest(this.hash)!, this.commitment));
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

describe("mallory holds the records", { timeout: 120_000 }, () => {
  it("drops cards, commits late, withholds its contribution, opens early and falsely: each is seen, and costs it the contest", async () => {
    const charter = charterOf("mallory", ["alfa", "bravo"]);
    const audit = new JointAudit(charter, recordsOf(charter, 100));
    await audit.begin();
    const late = recordsOf(charter, 120, sha256(utf8("another key"))).content as unknown as Json;
    await audit.say("mallory", { type: "exhibit", kind: "records", content: late });
    await audit.finishSeed();
    await audit.settle();
    expect(audit.state().seed.records?.hash).toBe(audit.records);
    expect(audit.state().seed.closed?.shares.map(({ party }) => party)).toEqual(HONEST);
    expect(audit.faults()).toEqual(["mallory committed-twice", "mallory withheld-share"]);
    // 20 cards that must exist by the bound are nowhere in its manifest: phantoms stand for them.
    expect(audit.state().contests[0]?.auditable?.phantoms).toBe(20);
    const early = await audit.open([]);
    const [a, b] = [
      await audit.seal("alfa", audit.readings("alfa"), [audit.records]),
      await audit.seal("bravo", audit.readings("bravo"), [audit.records]),
    ];
    const readings = [await audit.show("alfa", a, [a, b]), await audit.show("bravo", b, [a, b])];
    const untrue = await audit.open(readings, (marks) => (marks?.[0]?.[0] === 1 ? [[0, 1]] : [[1, 1]]));
    await audit.settle();
    expect(audit.faults()).toEqual(expect.arrayContaining(["mallory false-opening", "mallory opened-early"]));
    // It opens nothing as it was committed: the round is closed without it, each card taken as the best for its claim.
    await audit.sign([...readings, early, untrue]);
    await audit.settle();
    const [mayor] = audit.state().contests;
    expect(mayor).toMatchObject({ verdict: "hand-count", closed: [{ by: HONEST }] });
    expect(mayor?.closed[0]?.assessment.risk).toBeGreaterThan(0.5);
    await unit.untilAgreed();
  });
});

describe("mallory reads as a board", { timeout: 120_000 }, () => {
  it("seals once it has seen the other's reading, then withholds its readings and its signature: nothing is confirmed by it, or stopped", async () => {
    const charter = charterOf("alfa", ["bravo", "mallory"]);
    const audit = new JointAudit(charter, recordsOf(charter, 120));
    await audit.begin();
    await audit.finishSeed([...HONEST, "mallory"]);
    await audit.settle();
    expect(audit.faults()).toEqual([]);
    const first = await audit.seal("bravo", audit.readings("bravo"), [audit.records]);
    const shown = await audit.show("bravo", first, [first]);
    const copied = await audit.seal("mallory", audit.readings("mallory"), [audit.records]);
    const late = await audit.show("mallory", copied, [first, copied]);
    await audit.settle();
    expect(audit.faults()).toEqual(["bravo not-blind", "mallory not-blind"]);
    // By the book: bravo's command would not have shown anything before both had sealed. It starts anew.
    const [b, m] = [
      await audit.say("bravo", {
        type: "seal",
        kind: "commitment",
        content: { commitment: sealCommitment(sha256(SALT), audit.readings("bravo")) },
      }),
      copied,
    ];
    const unseals = { seal: b, salt: toHex(sha256(SALT)) };
    const again = await audit.say("bravo", {
      type: "observe",
      kind: "readings",
      content: audit.readings("bravo"),
      of: [b, m],
      unseals,
    });
    await audit.settle();
    await audit.sign([shown, late, again]);
    await audit.settle();
    const [mayor] = audit.state().contests;
    expect(mayor).toMatchObject({ verdict: "hand-count", closed: [{ by: HONEST, assessment: { risk: 1 } }] });
    expect(mayor?.lacking).toEqual([{ party: "alfa", what: "opening", cards: 30 }]);
  });
});
