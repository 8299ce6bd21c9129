import { canonicalJsonBytes, concatBytes, sha256, toHex, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { CHARTER, ContestScene } from "../../test/contest-scene.ts";
import { evidenceNames } from "./rounds.ts";

describe("an audit by the book", () => {
  const audit = new ContestScene();

  it("draws nothing before all that comes before is there", () => {
    expect(audit.state()).toMatchObject({ seed: { records: undefined, seed: undefined }, faults: [] });
    audit.makeSeed();
    const { seed, faults } = audit.state();
    expect(faults).toEqual([]);
    expect(seed).toMatchObject({ lacking: [], sealed: CHARTER.auditors, shown: CHARTER.auditors });
  });

  it("makes the seed from the roots, all contributions, dice and beacon", () => {
    const { cards, contests } = audit.commitment.content;
    const preimage = canonicalJsonBytes({
      contest: audit.contest.hash,
      roots: [cards.digest, ...contests.map(({ collection }) => collection.root)],
      random: CHARTER.auditors.map((party) => [party, audit.seals.get(party)!.random]),
      dice: [1, 2, 3],
      beacon: { name: "drand", round: 7, value: "ab".repeat(32) },
    });
    const expected = sha256(concatBytes(utf8("detente/contest-seed/1\n"), preimage));
    expect(toHex(audit.state().seed.seed!)).toBe(toHex(expected));
  });

  it("draws the cards with the smallest SHA-256(seed ‖ id)", () => {
    const seed = audit.state().seed.seed!;
    const tickets = audit.list.batches
      .flatMap(({ name, cards }) => cards.map(([place]) => [name, place] as const))
      .map((card) => ({ card, ticket: toHex(sha256(concatBytes(seed, canonicalJsonBytes(card)))) }))
      .sort((a, b) => (a.ticket < b.ticket ? -1 : 1));
    expect(audit.drawn("mayor")).toEqual(tickets.slice(0, 40).map(({ card }) => card));
    const ofCouncil = tickets.filter(({ card: [batch] }) => batch === "a");
    expect(audit.drawn("council")).toEqual(ofCouncil.slice(0, 30).map(({ card }) => card));
  });

  it("counts what is unknown as the worst, and confirms once boards, holder and auditors have done their part", () => {
    expect(audit.progress("mayor")).toMatchObject({ verdict: "sampling", round: 1, now: { risk: 1 } });
    expect(audit.progress("mayor").lacking.map(({ party, what }) => `${party} ${what}`)).toEqual([
      "north reading",
      "south reading",
      "office opening",
    ]);
    audit.round("mayor");
    const { verdict, closed, now } = audit.progress("mayor");
    expect(verdict).toBe("confirmed");
    expect(closed).toMatchObject([{ round: 1, by: CHARTER.auditors, assessment: { overstatements: [[]] } }]);
    expect(now!.risk).toBeLessThan(0.05);
    expect(audit.progress("council").verdict).toBe("sampling");
    audit.round("council");
    expect(audit.state()).toMatchObject({ contests: [{ verdict: "confirmed" }, { verdict: "confirmed" }], faults: [] });
  });
});

it("lets auditors go on to the next round, and to a count by hand of all cards", () => {
  const contests = CHARTER.contests.map((contest) => ({ ...contest, rounds: [20, 40] }));
  const audit = new ContestScene({ charter: { ...CHARTER, riskLimit: 1, contests } });
  audit.makeSeed();
  audit.round("mayor");
  expect(audit.progress("mayor")).toMatchObject({ verdict: "sampling", round: 2 });
  expect(audit.drawn("mayor")).toHaveLength(40);
  const more = audit.read("mayor", audit.drawn("mayor").slice(20));
  audit.open("mayor", more, audit.openings("mayor", audit.drawn("mayor").slice(20)));
  const names = evidenceNames(audit.record(), "mayor");
  audit.risk(
    "mayor",
    names.map((hash) => ({ hash })),
  );
  expect(audit.progress("mayor")).toMatchObject({ verdict: "hand-count", round: 2, now: { overstatements: [[]] } });
  const content = { contest: "mayor", totals: [180, 90], winners: [0] };
  audit.say("north", { type: "observe", kind: "hand-count", content });
  audit.settle();
  expect(audit.progress("mayor").verdict).toBe("hand-count");
  audit.say("south", { type: "observe", kind: "hand-count", content });
  audit.settle();
  expect(audit.progress("mayor")).toMatchObject({ verdict: "counted", winners: [0] });
  expect(audit.faults()).toEqual([]);
  audit.say("south", { type: "observe", kind: "hand-count", content: { ...content, totals: [181, 90] } });
  audit.settle();
  expect(audit.progress("mayor").verdict).toBe("hand-count");
  expect(audit.faults()).toEqual(["south contradicts-itself"]);
});
