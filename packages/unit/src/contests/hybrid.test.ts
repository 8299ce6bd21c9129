import { sha256, utf8 } from "@detente/basics";
import type { Marks } from "@detente/record";
import { expect, it } from "vitest";
import { allCards, CHARTER, ContestScene, MANIFEST, paper } from "../../test/contest-scene.ts";
import { assess, auditable, drawContest } from "./assess.ts";
import { commitRecords } from "./commit.ts";
import { claimOf } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { type Pool, parseCards, parseVotes } from "./public-files.ts";
import { cardKey } from "./readings.ts";

/* Batch a has records of its cards; of batch b, as in a county without them, only totals are known (ONEAudit). */

const KEY = sha256(utf8("key"));
const [MAYOR] = CHARTER.contests;
const CONTESTS = [{ ...MAYOR!, rounds: [150, 299] }];
const ALPHA = { name: "alpha", weight: 50, clearance: 500_000 } as const;
const HYBRID = { ...CHARTER, test: ALPHA, contests: CONTESTS };
const RECORDED = allCards().filter(({ card: [batch] }) => batch === "a");
/** What is on the paper of batch b: 90 of its 150 cards for Ada, 45 for Bob. */
const TOTALS: Pool = { batch: "b", recorded: 150, totals: [90, 45] };

it("confirms a contest of cards with records and a batch with totals, and opens nothing of the batch", () => {
  const audit = new ContestScene({ charter: HYBRID, recorded: RECORDED, pools: new Map([["mayor", [TOTALS]]]) });
  expect(audit.commitment.content.contests[0]).toMatchObject({ recorded: 300, totals: [180, 90], winners: [0] });
  expect(audit.commitment.content.contests[0]!.collection.count).toBe(150);
  audit.makeSeed();
  const readings = audit.read("mayor");
  const content = audit.openings("mayor");
  expect(new Set(content.openings.map(({ card: [batch] }) => batch))).toEqual(new Set(["a"]));
  const opened = audit.open("mayor", readings, content);
  expect(audit.progress("mayor").lacking).toEqual([]);
  audit.risk("mayor", [...readings, opened]);
  const { verdict, closed, now } = audit.progress("mayor");
  expect(closed).toHaveLength(1);
  expect(now!.overstatements).toEqual([[]]);
  const found = new Map(now!.pooled![0]);
  expect([...found.values()].reduce((sum, cards) => sum + cards, 0)).toBe(150 - content.openings.length);
  expect([verdict, audit.faults()]).toEqual(["confirmed", []]);
});

type Paper = (batch: string, place: number) => Marks;

/** How many of so many seeds confirm what a holder reports, by what is on the paper. */
function confirmed(pool: Pool, onPaper: Paper, seeds: number): number {
  const made = commitRecords(HYBRID, MANIFEST, RECORDED, KEY, claimOf, new Map([["mayor", [pool]]]));
  if (!made.ok) throw new Error(made.fault.message);
  const { content, cards, votes, items } = made.value;
  const list = parseCards(cards, content.cards);
  const read = parseVotes(votes.get("mayor")!, content.contests[0]!.votes, "mayor", 2);
  if (!list.ok || !read.ok) throw new Error("files that were just written");
  const auditing = auditable(CONTESTS[0]!, content.contests[0]!, list.value, read.value);
  if (!auditing.ok) throw new Error(auditing.fault.message);
  const evidence: Pick<Evidence, "found" | "opened"> = {
    found: new Map(auditing.value.cards.map((card) => [cardKey(card), onPaper(card[0], Number(card[1]))])),
    opened: new Map(items.get("mayor")!.map(({ card, marks }, index) => [cardKey(card), { index, marks }])),
  };
  let count = 0;
  for (let i = 0; i < seeds; i++) {
    const drawn = drawContest(sha256(utf8(`seed ${i}`)), auditing.value, 200);
    if (drawn.ok && assess(auditing.value, ALPHA, drawn.value, evidence).risk <= 0.05) count++;
  }
  return count;
}

const honest: Paper = (batch, place) => paper(batch, place).get("mayor") ?? null;

// Of 400 seeds 5 % are 20; four standard deviations of the binomial are 17.
const SEEDS = 400;
const MOST = 37;

it("confirms an honest pool by most seeds", () => {
  expect(confirmed(TOTALS, honest, 100)).toBeGreaterThan(80);
});

it("confirms a wrong outcome by no more seeds than the risk limit: totals of the pool are turned round", () => {
  // In all 120 for Ada and 155 for Bob.
  const turned: Paper = (batch, place) => (batch === "a" ? honest(batch, place) : [[place <= 40 ? 0 : 1, 1]]);
  expect(confirmed(TOTALS, turned, SEEDS)).toBeLessThan(MOST);
});

it("confirms a wrong outcome by no more seeds than the risk limit: half of the pool's cards are of another contest", () => {
  // 75 cards with votes for Bob are gone, and 75 without the contest lie in their place: 135 for Ada, 75 for Bob and 75 lost.
  const replaced: Paper = (batch, place) => {
    if (batch === "a") return honest(batch, place);
    return place <= 75 ? null : [[place <= 120 ? 0 : 1, 1]];
  };
  expect(confirmed(TOTALS, replaced, SEEDS)).toBeLessThan(MOST);
});

it.each([
  ["more cards than the batch has", { ...TOTALS, recorded: 151 }],
  ["more votes than cards", { ...TOTALS, totals: [150, 45] }],
  ["a batch that is none", { ...TOTALS, batch: "c" }],
])("counts by hand where a pool claims %s", (_what, pool) => {
  const audit = new ContestScene({ charter: HYBRID, recorded: RECORDED, pools: new Map([["mayor", [pool]]]) });
  audit.makeSeed();
  expect(audit.progress("mayor").verdict).toBe("hand-count");
  expect(audit.faults()).toContain("office bad-files");
});
