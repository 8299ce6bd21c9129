import { type Json, sha256, toHex, utf8 } from "@detente/basics";
import { sealCommitment } from "@detente/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestUnit, type TestUnit } from "../index.ts";
import { charterOf, HONEST, JointAudit, onPaper, recordsOf, SALT } from "../../test/joint-audit.ts";

let unit: TestUnit;
beforeAll(async () => {
  unit = await startTestUnit({ parties: HONEST, hostile: ["mallory"], seed: 71 });
});
afterAll(() => unit.close());

describe("mallory holds the records", () => {
  it("drops cards, commits late, withholds its contribution, opens early and falsely: each is seen, and costs it the contest", async () => {
    const charter = charterOf("mallory", ["alfa", "bravo"]);
    const audit = new JointAudit(unit, charter, recordsOf(charter, 100));
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
    const readings = await audit.read([
      ["alfa", onPaper],
      ["bravo", onPaper],
    ]);
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

describe("mallory reads as a board", () => {
  it("seals once it has seen the other's reading, then withholds its readings and its signature: nothing is confirmed by it, or stopped", async () => {
    const charter = charterOf("alfa", ["bravo", "mallory"]);
    const audit = new JointAudit(unit, charter, recordsOf(charter, 120));
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
