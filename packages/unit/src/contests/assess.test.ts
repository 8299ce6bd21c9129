import { sha256, unwrap, utf8 } from "@detente/basics";
import type { CommittedContest } from "@detente/record";
import { describe, expect, it } from "vitest";
import { allCards, CHARTER, MANIFEST } from "../../test/contest-scene.ts";
import { auditable } from "./assess.ts";
import { commitRecords } from "./commit.ts";
import { parseCards, parseVotes, type VoteList } from "./public-files.ts";

const { content, cards, votes } = unwrap(commitRecords(CHARTER, MANIFEST, allCards(), sha256(utf8("key"))));
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
