import { sha256, toHex, utf8 } from "@detente/basics";
import { type CardName, type Marks, sealCommitment } from "@detente/record";
import { describe, expect, it } from "vitest";
import type { Written } from "../../test/scene.ts";
import { allCards, CHARTER, ContestScene, MANIFEST, paper } from "../../test/contest-scene.ts";
import { commitRecords } from "./commit.ts";
import { contributionsToClose, sealsToName } from "./seed-names.ts";

function onPaper([batch, place]: CardName): Marks {
  return paper(batch, Number(place)).get("mayor") ?? null;
}

/** An audit that has come to its seed. */
function seeded(): ContestScene {
  const audit = new ContestScene();
  audit.makeSeed();
  return audit;
}

/** An audit in which all have sealed. */
function sealed(): ContestScene {
  const audit = new ContestScene();
  audit.commit();
  for (const party of CHARTER.auditors) audit.seal(party);
  audit.settle();
  return audit;
}

/** An audit in which South has sealed after the others had shown what theirs hold. */
function sealedLate(): ContestScene {
  const audit = new ContestScene();
  audit.commit();
  for (const party of ["east", "north"]) audit.seal(party);
  audit.settle();
  for (const party of ["east", "north"]) audit.show(party);
  audit.settle();
  audit.seal("south");
  audit.settle();
  return audit;
}

function finishSeed(audit: ContestScene, by: readonly string[] = CHARTER.auditors): void {
  audit.settle();
  for (const party of by) audit.close(party);
  audit.settle();
  for (const party of by) audit.chance(party);
  audit.settle();
}

describe("the holder", () => {
  it("is not accused of a file that somebody else handed over", () => {
    const audit = seeded();
    const state = audit.state({ ...audit.files, cards: utf8("another file") });
    expect(state.faults).toEqual([]);
    expect(state.contests.map(({ verdict }) => verdict)).toEqual(["not-begun", "not-begun"]);
  });

  it("commits once more after the seals: what was sealed for counts", () => {
    const audit = sealed();
    const other = commitRecords(CHARTER, MANIFEST, allCards(), sha256(utf8("another key")));
    if (!other.ok) throw new Error(other.fault.message);
    audit.commit(other.value.content);
    for (const party of CHARTER.auditors) audit.show(party);
    finishSeed(audit);
    expect(audit.state().seed.records?.hash).toBe(audit.records!.hash);
    expect(audit.faults()).toEqual(["office committed-twice"]);
    audit.round("mayor");
    expect(audit.progress("mayor").verdict).toBe("confirmed");
  });

  it("reports another winner than its list adds up to: nothing can be drawn, all is counted by hand", () => {
    const audit = new ContestScene();
    const [mayor, council] = audit.commitment.content.contests;
    const contests = [{ ...mayor!, totals: [90, 180], winners: [1] }, council!];
    audit.commitment = { ...audit.commitment, content: { ...audit.commitment.content, contests } };
    audit.makeSeed();
    expect(audit.progress("mayor")).toMatchObject({ verdict: "hand-count", drawn: [] });
    expect(audit.state().faults[0]?.message).toMatch("its list adds up to 180, 90, committed are 90, 180");
    expect(audit.progress("council").verdict).toBe("sampling");
  });

  it("opens a card as what it did not commit to, or before it was read, or twice: it counts as not opened", () => {
    const audit = seeded();
    const early = audit.open("mayor", []);
    const readings = audit.read("mayor");
    const honest = audit.openings("mayor");
    const wanted = honest.openings.find(({ marks }) => marks?.[0]?.[0] === 1)!;
    const lie = { ...honest, openings: [{ ...wanted, marks: [[0, 1]] as never }] };
    audit.open("mayor", readings, lie);
    expect(audit.faults()).toEqual(expect.arrayContaining(["office false-opening", "office opened-early"]));
    expect(audit.progress("mayor").lacking).toEqual([{ party: "office", what: "opening", cards: 40 }]);
    audit.risk("mayor", [...readings, early]);
    // A card that is not opened may have been recorded for Ada: read for Bob it overstates by 2, for nobody by 1. Which
    // risk these come to depends on the order in which they were drawn.
    const { closed, verdict } = audit.progress("mayor");
    const drawn = honest.openings.map(({ card }) => onPaper(card)?.[0]?.[0]);
    const blank = drawn.filter((candidate) => candidate === undefined).length;
    const forBob = drawn.filter((candidate) => candidate === 1).length;
    const overstatements = [[...(blank > 0 ? [[1, blank]] : []), [2, forBob]]];
    expect(closed).toMatchObject([{ round: 1, assessment: { drawn: 40, overstatements } }]);
    expect(closed[0]!.assessment.risk).toBeGreaterThan(CHARTER.riskLimit / 1e6);
    expect(verdict).toBe("sampling");
  });

  it("leaves cards out of its manifest and records: phantoms stand for them, and count against it", () => {
    const dropped = allCards().filter(({ card: [batch, place] }) => batch === "a" || Number(place) <= 100);
    const manifest = [MANIFEST[0]!, { name: "b", cards: 100 }];
    const audit = new ContestScene({ recorded: dropped, manifest });
    audit.makeSeed();
    const { auditable, drawn } = audit.progress("mayor");
    expect(auditable?.phantoms).toBe(50);
    expect(drawn.some(({ card }) => card === undefined)).toBe(true);
    audit.round("mayor");
    const { closed } = audit.progress("mayor");
    const phantoms = drawn.filter(({ card }) => card === undefined).length;
    expect(closed).toMatchObject([{ assessment: { overstatements: [[[1, phantoms]]] } }]);
  });

  it("says that a contest is not on cards that hold it, and on others instead: these count as the worst", () => {
    const lied = allCards().map(({ card, marks }) => {
      const [batch, place] = card;
      if (batch === "a" && Number(place) > 100)
        return { card, marks: new Map([...marks].filter(([id]) => id !== "council")) };
      if (batch === "b" && Number(place) > 100)
        return { card, marks: new Map([...marks, ["council", [[0, 1]] as never]]) };
      return { card, marks };
    });
    const audit = new ContestScene({ recorded: lied });
    audit.makeSeed();
    const drawn = audit.drawn("council");
    const lies = drawn.filter(([batch]) => batch === "b").length;
    expect(lies).toBeGreaterThan(0);
    audit.round("council");
    const { closed, verdict } = audit.progress("council");
    // Recorded for Cem, found without the contest: A falls from 1 to 0, by two units, for each of the two claims.
    expect(closed[0]?.assessment.overstatements.map((claim) => claim.find(([units]) => units === 2)?.[1])).toEqual([
      lies,
      lies,
    ]);
    expect(verdict).toBe("sampling");
  });
});

describe("an auditor", () => {
  it("withholds its contribution: it is left out and named, and the seed is another than it could have known", () => {
    const audit = sealed();
    for (const party of ["east", "north"]) audit.show(party);
    finishSeed(audit, ["east", "north"]);
    const { seed } = audit.state();
    expect(seed.closed?.shares.map(({ party }) => party)).toEqual(["east", "north"]);
    expect(audit.faults()).toEqual(["south withheld-share"]);
    audit.round("mayor");
    expect(audit.progress("mayor").verdict).toBe("confirmed");
    // What it shows once dice and beacon are known changes nothing.
    audit.show("south");
    audit.close("south");
    audit.settle();
    expect(audit.state().seed.seed).toEqual(seed.seed);
  });

  it("seals after another has shown its part: no closing can count both", () => {
    const audit = sealedLate();
    audit.show("south");
    finishSeed(audit);
    expect(audit.state().seed).toMatchObject({ closed: undefined, seed: undefined });
    for (const party of ["east", "north"]) audit.close(party, audit.shares.slice(0, 2));
    audit.settle();
    expect(audit.state().seed.closed?.shares.map(({ party }) => party)).toEqual(["east", "north"]);
  });

  it("seals another's commitment and shows what that one shows: it is not its own", () => {
    const audit = new ContestScene();
    audit.commit();
    audit.seal("east");
    audit.seal("north");
    const content = { by: "north", random: audit.seals.get("north")!.random };
    const salt = sha256(utf8("salt of north"));
    const commitment = sealCommitment(salt, content);
    const copied = audit.say("south", { type: "seal", kind: "commitment", content: { commitment } }, [audit.records!]);
    audit.settle();
    audit.show("north");
    audit.settle();
    const unseals = { seal: copied.hash, salt: toHex(salt) };
    audit.say("south", { type: "observe", kind: "seed-share", content, unseals }, [copied]);
    audit.settle();
    expect(audit.state().seed).toMatchObject({ sealed: CHARTER.auditors, shown: ["north"] });
  });

  it("seals too late, and shows all the same: whoever closes leaves it out, and the closing counts", () => {
    const audit = sealedLate();
    audit.show("south");
    audit.settle();
    const closable = contributionsToClose(audit.record(), audit.records!.hash);
    expect(closable.map(({ party }) => party)).toEqual(["east", "north"]);
    for (const party of ["east", "north"]) audit.close(party, closable);
    audit.settle();
    expect(audit.state().seed.closed?.shares.map(({ party }) => party)).toEqual(["east", "north"]);
    expect(audit.faults()).toEqual(["south withheld-share"]);
  });

  it("shows twice: whoever closes names it once, and the closing counts", () => {
    const audit = sealed();
    for (const party of [...CHARTER.auditors, "south"]) audit.show(party);
    audit.settle();
    const closable = contributionsToClose(audit.record(), audit.records!.hash);
    expect(closable.map(({ party }) => party).toSorted()).toEqual(CHARTER.auditors);
  });

  it("seals a hundred times: the others name it once, and have references left", () => {
    const audit = new ContestScene();
    audit.commit();
    for (const party of CHARTER.auditors) audit.seal(party);
    for (let i = 0; i < 100; i++) audit.sealed("south", { by: "south", random: `${i}` }, [audit.records!]);
    audit.settle();
    const first = CHARTER.auditors.map((party) => audit.seals.get(party)!.written.hash);
    expect(sealsToName(audit.record(), audit.records!.hash).toSorted()).toEqual(first.toSorted());
  });

  it("says of dice and beacon what others do not: the majority counts", () => {
    const audit = sealed();
    for (const party of CHARTER.auditors) audit.show(party);
    audit.settle();
    for (const party of CHARTER.auditors) audit.close(party);
    audit.settle();
    audit.chance("south", "cd".repeat(32));
    audit.settle();
    expect(audit.state().seed.seed).toBeUndefined();
    for (const party of ["east", "north"]) audit.chance(party);
    audit.settle();
    expect(audit.state().seed.chance?.beacon.value).toBe("ab".repeat(32));
    expect(audit.faults()).toEqual(["south differs"]);
  });

  it("closes twice, or knows dice and beacon before a majority has closed: neither counts", () => {
    const audit = sealed();
    for (const party of CHARTER.auditors) audit.show(party);
    audit.settle();
    audit.close("south");
    audit.close("south", audit.shares.slice(0, 2));
    audit.settle();
    for (const party of CHARTER.auditors) audit.chance(party);
    audit.settle();
    audit.close("east");
    audit.settle();
    expect(audit.state().seed).toMatchObject({ closed: undefined });
    audit.close("north");
    audit.settle();
    expect(audit.state().seed).toMatchObject({ closed: { attempt: 1 }, seed: undefined });
    expect(audit.faults()).toEqual(["south contradicts-itself"]);
  });

  it("closes again once it knows the seed, and says another thing of the beacon: the seed stays, by a bare majority too", () => {
    const audit = sealed();
    for (const party of CHARTER.auditors) audit.show(party);
    audit.settle();
    for (const party of ["east", "south"]) audit.close(party);
    audit.settle();
    for (const party of ["east", "south"]) audit.chance(party);
    audit.settle();
    const { seed } = audit.state().seed;
    expect(seed).toHaveLength(32);
    audit.close("south", audit.shares, 2);
    audit.close("south", audit.shares.slice(1), 1);
    audit.chance("south", "cd".repeat(32));
    audit.chance("south", "cd".repeat(32), 2);
    audit.settle();
    expect(audit.state().seed).toMatchObject({ closed: { attempt: 1 }, seed });
    expect(new Set(audit.faults())).toEqual(new Set(["south contradicts-itself"]));
  });

  it("closes the next attempt before dice and beacon are said: all auditors would have to", () => {
    const audit = sealed();
    for (const party of CHARTER.auditors) audit.show(party);
    audit.settle();
    for (const party of ["east", "south"]) audit.close(party);
    audit.settle();
    expect(audit.state().seed.closed).toMatchObject({ attempt: 1 });
    for (const party of ["south", "north"]) audit.close(party, audit.shares, 2);
    audit.settle();
    for (const party of ["south", "north"]) audit.chance(party, "ab".repeat(32), 2);
    audit.settle();
    expect(audit.state().seed).toMatchObject({ closed: undefined, seed: undefined });
    audit.close("east", audit.shares, 2);
    audit.settle();
    expect(audit.state().seed.closed).toMatchObject({ attempt: 2 });
  });

  it("withholds its signature, or signs other numbers: a majority closes the round without it", () => {
    const audit = seeded();
    const readings = audit.read("mayor");
    const evidence = [...readings, audit.open("mayor", readings)];
    audit.risk("mayor", evidence, ["south"], { overstatements: [[[2, 40]]] });
    expect(audit.progress("mayor").verdict).toBe("sampling");
    expect(audit.faults()).toEqual(["south wrong-numbers"]);
    audit.risk("mayor", evidence, ["east", "north"]);
    expect(audit.progress("mayor")).toMatchObject({ verdict: "confirmed", closed: [{ by: ["east", "north"] }] });
  });
});

describe("a board", () => {
  it("reads otherwise: the card counts as the worst until both sign one reading", () => {
    const audit = seeded();
    const [card] = audit.drawn("mayor");
    const readings = audit.read("mayor", audit.drawn("mayor"), (board, [batch, place]) => {
      const isLie = board === "south" && batch === card![0] && place === card![1];
      return isLie
        ? [
            [0, 1],
            [1, 1],
          ]
        : onPaper([batch, place]);
    });
    audit.open("mayor", readings);
    expect(audit.faults()).toEqual(["north and south disagreement"]);
    const worst = audit.progress("mayor").now!;
    expect(worst.overstatements[0]).toHaveLength(1);
    const marks = onPaper(card!);
    for (const by of ["north", "south"]) {
      audit.say(
        by,
        {
          type: "observe",
          kind: "agreed-readings",
          content: { by, contest: "mayor", readings: [{ card: card!, marks }] },
        },
        readings,
      );
      audit.settle();
    }
    expect(audit.faults()).toEqual([]);
    expect(audit.progress("mayor").now).toMatchObject({ overstatements: [[]] });
  });

  it.each([
    ["north", "south"],
    ["south", "north"],
  ] as const)(
    "seals after the other (%s) has shown its reading: nothing counts, nothing can be opened upon it",
    (early, late) => {
      const audit = seeded();
      const readings = audit.drawn("mayor").map((card) => ({ card, marks: onPaper(card) }));
      const show = (by: string, seal: Written, seals: readonly Written[]): Written => {
        const content = { by, contest: "mayor", readings };
        return audit.say(by, { type: "observe", kind: "readings", content, unseals: audit.unseals(by, seal) }, seals);
      };
      const first = audit.sealed(early, { by: early, contest: "mayor", readings }, audit.chances);
      audit.settle();
      const shown = show(early, first, [first]);
      audit.settle();
      const second = audit.sealed(late, { by: late, contest: "mayor", readings }, audit.chances);
      audit.settle();
      const copied = show(late, second, [first, second]);
      audit.settle();
      audit.open("mayor", [shown, copied]);
      expect(new Set(audit.faults())).toEqual(new Set(["north not-blind", "south not-blind", "office opened-early"]));
      expect(audit.progress("mayor").now!.risk).toBe(1);
    },
  );

  it("withholds its readings: it is named, and what is missing counts as the worst", () => {
    const audit = seeded();
    const seal = audit.sealed("north", { by: "north" }, audit.chances);
    audit.settle();
    expect(seal.hash).toBeDefined();
    audit.risk("mayor", [seal]);
    expect(audit.progress("mayor")).toMatchObject({ round: 2, closed: [{ assessment: { risk: 1 } }] });
    expect(audit.progress("mayor").lacking.map(({ party }) => party)).toEqual(["north", "south", "office"]);
  });
});
