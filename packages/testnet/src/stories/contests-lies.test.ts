import { type Json, sha256, toHex, utf8 } from "@detente/basics";
import type { Marks } from "@detente/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { charterOf, HONEST, JointAudit, onPaper, recordsOf, SALT } from "../../test/joint-audit.ts";
import { startTestUnit, type TestUnit } from "../index.ts";

let unit: TestUnit;
beforeAll(async () => {
  unit = await startTestUnit({ parties: HONEST, hostile: ["mallory"], seed: 72 });
});
afterAll(() => unit.close());

/** An audit that has come to its seed. */
async function seeded(audit: JointAudit): Promise<void> {
  await audit.begin();
  await audit.finishSeed([...HONEST, "mallory"]);
  await audit.settle();
  expect(audit.faults()).toEqual([]);
}

describe("mallory is an auditor", () => {
  it("grinds the seed, with another contribution, closing and beacon once it knows the others': the seed stays, and it is named", async () => {
    const charter = charterOf("alfa", ["bravo", "charlie"]);
    const audit = new JointAudit(unit, charter, recordsOf(charter, 120));
    await audit.begin();
    await audit.finishSeed();
    await audit.settle();
    const { seed } = audit.state().seed;
    expect(seed).toHaveLength(32);
    // It can compute what seed each of many contributions would have given, and takes the one it likes best.
    const ground: Json = { by: "mallory", random: toHex(sha256(utf8("the best of a million"))) };
    const seal = await audit.seal("mallory", ground, [audit.records]);
    const unseals = { seal, salt: toHex(SALT) };
    const of = [...audit.seals.values(), seal];
    const share = await audit.say("mallory", { type: "observe", kind: "seed-share", content: ground, of, unseals });
    const closing = await audit.close("mallory", [...audit.shares, share]);
    await audit.chance("mallory", "cd".repeat(32));
    await audit.chance("mallory", "cd".repeat(32), [closing]);
    await audit.settle();
    expect(audit.state().seed).toMatchObject({ seed, closed: { attempt: 1 } });
    expect(audit.state().seed.closed?.shares.map(({ party }) => party)).toEqual(HONEST);
    expect(audit.faults()).toEqual(["mallory differs", "mallory withheld-share"]);
    await unit.untilAgreed();
  });
});

describe("mallory holds the records", () => {
  it("claims a style falsely, to hide cards of the loser behind others: each that is drawn counts as the worst", async () => {
    const charter = charterOf("mallory", ["alfa", "bravo"], 100);
    const claimed = (place: number): Marks => (place <= 100 ? onPaper(place) : place <= 120 ? null : [[0, 1]]);
    const audit = new JointAudit(unit, charter, recordsOf(charter, 140, undefined, claimed));
    await seeded(audit);
    const found = (place: number): Marks => (place <= 120 ? onPaper(place) : null);
    const readings = await audit.read([
      ["alfa", found],
      ["bravo", found],
    ]);
    const opened = await audit.open(readings);
    await audit.settle();
    await audit.sign([...readings, opened]);
    await audit.settle();
    const drawn = audit.cards().filter(([, place]) => Number(place) > 120).length;
    const [mayor] = audit.state().contests;
    // Claimed for Ada, found without the contest: from A = 1 to 0, by two units. Whether Ada's lead outweighs them depends
    // on the order of the draw.
    expect(mayor?.closed).toMatchObject([{ assessment: { overstatements: [[[2, drawn]]] } }]);
    const isConfirmed = (mayor?.closed[0]?.assessment.risk ?? 1) <= charter.riskLimit / 1e6;
    expect(mayor?.verdict).toBe(isConfirmed ? "confirmed" : "hand-count");
    expect(audit.faults()).toEqual([]);
  });

  it("reads as a board, too, what it knows the machines recorded and not the paper: the cards on which they lie count as the worst", async () => {
    const charter = charterOf("mallory", ["alfa", "mallory"], 100);
    // Half of Ada's votes are recorded for Bob, so that he is reported to have won by 80 to 40.
    const hacked = (place: number): Marks => (place % 3 === 1 ? [[1, 1]] : onPaper(place));
    const audit = new JointAudit(unit, charter, recordsOf(charter, 120, undefined, hacked));
    await seeded(audit);
    const readings = await audit.read([
      ["alfa", onPaper],
      ["mallory", hacked],
    ]);
    const opened = await audit.open(readings);
    await audit.settle();
    expect(audit.faults()).toEqual(["alfa and mallory disagreement"]);
    await audit.sign([...readings, opened]);
    await audit.settle();
    const lies = audit.cards().filter(([, place]) => Number(place) % 3 === 1).length;
    const [mayor] = audit.state().contests;
    expect(mayor).toMatchObject({ verdict: "hand-count", closed: [{ assessment: { overstatements: [[[2, lies]]] } }] });
    await unit.untilAgreed();
  });
});
