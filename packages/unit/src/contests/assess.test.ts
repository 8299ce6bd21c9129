import { canonicalJson, concatBytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import type { CommittedContest, Marks } from "@detente/record";
import { describe, expect, it } from "vitest";
import { allCards, CHARTER, MANIFEST } from "../../test/contest-scene.ts";
import { assess, auditable, drawContest } from "./assess.ts";
import { commitRecords } from "./commit.ts";
import { parseCards, parseVotes, type VoteList } from "./public-files.ts";
import { cardKey } from "./readings.ts";

const { content, cards, votes, items } = unwrap(commitRecords(CHARTER, MANIFEST, allCards(), sha256(utf8("key"))));
const [mayor] = CHARTER.contests;
const [committed] = content.contests as [CommittedContest];
const list = unwrap(parseCards(cards, content.cards));
const listed = unwrap(parseVotes(votes.get("mayor")!, committed.votes, "mayor", 2));

function verdict(change: {
  readonly committed?: Partial<CommittedContest>;
  readonly list?: typeof list;
  readonly votes?: VoteList["votes"];
}): string {
  const checked = auditable(mayor!, { ...committed, ...change.committed }, change.list ?? list, {
    ...listed,
    votes: change.votes ?? listed.votes,
  });
  return checked.ok ? "auditable" : checked.fault.code;
}

/** The list without its first card. */
function shorter(): typeof list {
  const [first, ...others] = list.batches;
  return { ...list, batches: [{ ...first!, cards: first!.cards.slice(1) }, ...others] };
}

// docs/audits.md: cards that may hold a contest, votes that are listed, and items that are committed are one for one.
describe("what the holder publishes of a contest", () => {
  // Blank cards say nothing in the totals, so only their number shows them.
  const without = listed.votes.toSpliced(
    listed.votes.findIndex((marks) => marks?.length === 0),
    1,
  );
  const { collection } = committed;

  it("is audited where it adds up", () => {
    expect(verdict({})).toBe("auditable");
  });

  it.each([
    ["another number of items is committed", { committed: { collection: { ...collection, count: 299 } } }],
    ["a vote is not listed", { votes: without, committed: { recorded: 299 } }],
    ["a card is not listed", { list: shorter() }],
    ["neither the card nor its vote is listed", { list: shorter(), votes: without, committed: { recorded: 299 } }],
    ["another number of cards is claimed", { committed: { recorded: 299 } }],
    ["other totals are claimed", { committed: { totals: [181, 90] } }],
    ["totals of fewer candidates are claimed", { committed: { totals: [180] } }],
    ["totals of more candidates are claimed", { committed: { totals: [180, 90, 0] } }],
  ] as const)("is refused where %s", (_what, change) => {
    expect(verdict(change)).toBe("bad-files");
  });
});

// docs/formats.md, Audits: by a bound of 303 three cards must exist that nothing records. Each may be drawn, and counts as
// half a vote that is not there.
it("draws phantoms by names of their own, among all cards, and counts them for the worst", () => {
  const auditing = unwrap(auditable({ ...mayor!, bound: 303 }, committed, list, listed));
  expect(auditing.phantoms).toBe(3);
  const seed = sha256(utf8("seed"));
  const drawn = unwrap(drawContest(seed, auditing, 303));
  const ticket = (i: number): string =>
    toHex(sha256(concatBytes(seed, utf8(canonicalJson({ phantom: ["mayor", i] })))));
  const phantoms = drawn.filter(({ card }) => card === undefined);
  expect(phantoms.map((each) => toHex(each.ticket)).toSorted()).toEqual([1, 2, 3].map(ticket).toSorted());
  const committedTo = [...items.get("mayor")!.entries()];
  const evidence = {
    found: new Map(committedTo.map(([, { card, marks }]) => [cardKey(card), marks])),
    opened: new Map(committedTo.map(([index, { card, marks }]) => [cardKey(card), { index, marks }])),
  };
  const whole = assess(auditing, CHARTER.test, drawn, evidence);
  expect([whole.drawn, whole.overstatements]).toEqual([303, [[[1, 3]]]]);
  expect(assess(auditing, CHARTER.test, drawn.slice(0, 100), evidence).risk).toBeLessThan(0.05);
});

describe("what a sample shows", () => {
  const council = CHARTER.contests[1]!;
  const ofCouncil = content.contests[1]!;
  const read = unwrap(parseVotes(votes.get("council")!, ofCouncil.votes, "council", 3));
  const auditing = unwrap(auditable(council, ofCouncil, list, read));
  const drawn = unwrap(drawContest(sha256(utf8("seed")), auditing, 60));
  const committedTo = [...items.get("council")!.entries()];
  type Found = ReadonlyMap<string, Marks | "missing" | undefined>;
  const honest: Found = new Map(committedTo.map(([, { card, marks }]) => [cardKey(card), marks]));
  const opened = new Map(committedTo.map(([index, { card, marks }]) => [cardKey(card), { index, marks }]));
  const [first] = drawn.flatMap(({ card }) => (card === undefined ? [] : [cardKey(card)])) as [string];
  const riskOf = (claims: typeof auditing.claims, found: Found): number =>
    assess({ ...auditing, claims }, CHARTER.test, drawn, { found, opened }).risk;

  it("is as risky as the riskiest of the claims, whichever comes last", () => {
    const { claims } = auditing;
    // Cards for Cem that are Dov's on paper speak against the one claim more than against the other.
    const wrong = committedTo.filter(([, { marks }]) => marks?.[0]?.[0] === 0).slice(0, 20);
    const found: Found = new Map([...honest, ...wrong.map(([, { card }]) => [cardKey(card), [[1, 1]]] as const)]);
    const each = claims.map((claim) => riskOf([claim], found));
    expect(new Set(each).size).toBe(2);
    for (const order of [claims, claims.toReversed()]) expect(riskOf(order, found)).toBe(Math.max(...each));
  });

  it("counts a reading of somebody who does not stand as none", () => {
    const shown = (marks: Marks | "missing"): unknown =>
      assess(auditing, CHARTER.test, drawn, { found: new Map([...honest, [first, marks]]), opened }).overstatements;
    expect(shown([[3, 1]])).toEqual(shown("missing"));
  });

  it("counts a card that was opened otherwise than the public list has it as not opened", () => {
    const index = opened.get(first)!.index;
    const shown = (openings: typeof opened): unknown =>
      assess(auditing, CHARTER.test, drawn, { found: honest, opened: openings }).overstatements;
    const without = new Map([...opened].filter(([key]) => key !== first));
    const other = read.votes.find((marks) => JSON.stringify(marks) !== JSON.stringify(read.votes[index]))!;
    expect(shown(new Map([...opened, [first, { index, marks: other }]]))).toEqual(shown(without));
  });
});
