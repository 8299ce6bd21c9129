import { type CardName, MAX_OPENED } from "@detente/record";
import { expect, it } from "vitest";
import { allCards, CHARTER, ContestScene } from "../../test/contest-scene.ts";
import type { Words, Written } from "../../test/scene.ts";
import { sayings } from "./contest-record.ts";
import { evidenceOf } from "./evidence.ts";
import { readingsOf } from "./readings.ts";
import { evidenceNames } from "./rounds.ts";

/** Cards that a board reads before it seals: each board then says more than a statement can name. */
const SHEET = 50;

/** An election of 6,000 cards with the paper of the small one again and again, of which 5,000 are drawn. */
function largeAudit(): ContestScene {
  const batches = Array.from({ length: 40 }, (_, i) => `batch ${i}`);
  const small = allCards().filter(({ card: [batch] }) => batch === "a");
  const recorded = batches.flatMap((batch) =>
    small.map(({ card, marks }) => ({
      card: [batch, card[1]] as CardName,
      marks: new Map([["mayor", marks.get("mayor")!]]),
    })),
  );
  const [mayor] = CHARTER.contests;
  const charter = { ...CHARTER, contests: [{ ...mayor!, bound: recorded.length, rounds: [5000] }] };
  const manifest = batches.map((name) => ({ name, cards: small.length }));
  return new ContestScene({ charter, recorded, manifest });
}

it("settles an audit of 5,000 sampled cards that boards enter in hundreds of small sheets", () => {
  const audit = largeAudit();
  audit.makeSeed();
  const read = new Map(audit.commitment.items.get("mayor")!.map(({ card, marks }) => [card.join(), marks]));
  const cards = audit.drawn("mayor");
  const sheets = Array.from({ length: cards.length / SHEET }, (_, i) => cards.slice(i * SHEET, (i + 1) * SHEET));
  // Each sheet names the one before it, so the last names all; both boards seal all before either shows any.
  const seals = audit.charter.boards.map((board) => {
    let before: readonly Written[] = [];
    return sheets.map((sheet) => {
      const readings = sheet.map((card) => ({ card, marks: read.get(card.join()) ?? null }));
      const content = { by: board, contest: "mayor", readings };
      const seal = audit.sealed(board, content, [...before, audit.chances[0]!]);
      before = [seal];
      return { board, content, seal };
    });
  });
  audit.settle();
  const lastSeals = seals.map((ofBoard) => ofBoard.at(-1)!.seal);
  const lastShown = seals.map((ofBoard) => {
    let before: Written | undefined;
    for (const { board, content, seal } of ofBoard) {
      const words = { type: "observe", kind: "readings", content, unseals: audit.unseals(board, seal) } as const;
      before = audit.say(board, words, before === undefined ? lastSeals : [before, ...lastSeals]);
    }
    return before!;
  });
  audit.settle();
  const { openings } = audit.openings("mayor", cards);
  let before: Written | undefined;
  for (let i = 0; i < openings.length; i += MAX_OPENED) {
    const content = { contest: "mayor", openings: openings.slice(i, i + MAX_OPENED) };
    const about = before === undefined ? lastShown : [before, ...lastShown];
    before = audit.say("office", { type: "exhibit", kind: "openings", content }, about);
  }
  audit.settle();
  const record = audit.record();
  const names = evidenceNames(record, "mayor");
  // The ends of three chains: one of each board, one of the holder.
  expect(names.length).toBeLessThanOrEqual(3);
  expect(sayings(record, "observe/readings", ["north"])).toHaveLength(5000 / SHEET);
  const { lacking, now } = audit.progress("mayor");
  expect(lacking).toEqual([]);
  const content = { contest: "mayor", round: 1, drawn: 5000, overstatements: now!.overstatements, risk: 1 };
  for (const party of ["east", "south"]) {
    audit.say(party, { type: "observe", kind: "audit-risk", content }, [
      audit.contest,
      ...names.map((hash) => ({ hash })),
    ]);
  }
  audit.settle();
  expect(audit.state()).toMatchObject({
    faults: [],
    contests: [{ verdict: "confirmed", closed: [{ by: ["east", "south"], assessment: { overstatements: [[]] } }] }],
  });
});

/** Shows what a seal holds, as often as one likes. */
function shows(audit: ContestScene, board: string, seals: readonly Written[], marks: null | []): Words {
  const content = { by: board, contest: "mayor", readings: audit.drawn("mayor").map((card) => ({ card, marks })) };
  return { type: "observe", kind: "readings", content, unseals: audit.unseals(board, seals[0]!) };
}

it("hears a board eight times on a card: two boards cannot pair each of many readings with each other", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  const sealOf = (board: string, marks: null | []): Written =>
    audit.sealed(board, shows(audit, board, [audit.contest], marks).content as never, audit.chances);
  const seals = audit.charter.boards.map((board) => sealOf(board, []));
  audit.settle();
  for (const [i, board] of audit.charter.boards.entries()) {
    const words = shows(audit, board, [seals[i]!], []);
    for (let times = 0; times < 30; times++) audit.say(board, words, seals);
  }
  audit.settle();
  const [card] = audit.drawn("mayor");
  const key = JSON.stringify(card);
  const { pairs } = readingsOf(audit.record(), "mayor", () => true, []);
  expect(pairs.get(key)).toHaveLength(8 * 8);
  // What a board says of the card after that is not heard, and changes nothing of what was found.
  const late = sealOf("north", null);
  audit.settle();
  audit.say("north", shows(audit, "north", [late], null), [...seals, late]);
  audit.settle();
  expect(evidenceOf(audit.record(), audit.state().seed, "mayor").found.get(key)).toEqual([]);
  expect(audit.faults()).toEqual([]);
});

it("takes for before a statement only what stands behind one that it names", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  const content = (by: string): never =>
    ({ by, contest: "mayor", readings: audit.drawn("mayor").map((card) => ({ card, marks: [] })) }) as never;
  const early = audit.sealed("north", { something: "else" }, audit.chances);
  const south = audit.sealed("south", content("south"), audit.chances);
  audit.settle();
  // South names an earlier seal of north; the later one has that behind it, and may have come after what south shows.
  audit.say(
    "south",
    { type: "observe", kind: "readings", content: content("south"), unseals: audit.unseals("south", south) },
    [early, south],
  );
  audit.settle();
  const north = audit.sealed("north", content("north"), [early, ...audit.chances]);
  audit.settle();
  audit.say(
    "north",
    { type: "observe", kind: "readings", content: content("north"), unseals: audit.unseals("north", north) },
    [north, south],
  );
  audit.settle();
  expect(audit.progress("mayor").now!.risk).toBe(1);
  expect(new Set(audit.faults())).toEqual(new Set(["north not-blind", "south not-blind"]));
});
