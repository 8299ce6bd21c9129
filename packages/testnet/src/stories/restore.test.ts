import type { Json } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], seed: 21 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
});
afterAll(() => unit.close());

async function untilBehind(station: TestStation): Promise<void> {
  await unit.until(`${station.name} notices that it is behind`, () => station.station.gate.state === "behind");
}

/** A backup of alfa, and then statements of all that it does not hold. */
async function anOldCopyOfAlfa(): Promise<{ backup: string; lost: string[] }> {
  const before = await alfa.ask("before the backup");
  await unit.untilEffective(before.leafHash);
  await unit.untilAgreed();
  const backup = await alfa.backUp();
  await unit.untilReady(alfa);
  const share = await alfa.share({ title: "after the backup", items: [{ kind: "domain", value: "lost.example" }] });
  const sealed = await alfa.ask("for bravo alone", ["alfa", "bravo"]);
  const question = await alfa.ask("after the backup");
  const others = [await bravo.ask("bravo's"), await charlie.ask("charlie's")];
  const lost = [share, sealed, question, ...others].map(({ leafHash }) => leafHash);
  await unit.untilEffective(...[share, question, ...others].map(({ leafHash }) => leafHash));
  await unit.untilAgreed();
  return { backup, lost };
}

describe("stations that start again", () => {
  it("all at once come up together", async () => {
    for (const station of unit.stations()) await station.stop();
    for (const station of unit.stations()) await station.start();
    await unit.untilReady(...unit.stations());
    const { leafHash } = await alfa.ask("all there?");
    await unit.untilEffective(leafHash);
  });

  it("one after another miss nothing that was said meanwhile", async () => {
    const said: string[] = [];
    for (const station of unit.stations()) {
      await station.stop();
      const speaker = unit.running()[0] as TestStation;
      said.push((await speaker.ask(`while ${station.name} was away`)).leafHash);
      await station.start();
      await unit.untilReady(station);
    }
    await unit.untilEffective(...said);
    await unit.untilAgreed();
  });
});

describe("a station whose data directory was replaced by an older copy", () => {
  it("signs and cosigns nothing, says why, and what to do", async () => {
    const { backup } = await anOldCopyOfAlfa();
    const heads = bravo.station.own.reader.size;
    await alfa.restore(backup);
    await untilBehind(alfa);
    const refused = await alfa.tryToAsk("may I?");
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toContain("detente recover");
    expect((await alfa.fetch("/readyz")).status).toBe(503);
    const { station } = await alfa.status();
    expect(station.detail).toMatch(/older copy/);

    // In a unit of three a head counts as witnessed, and as held, when both others say so.
    const before = (await bravo.status()).own;
    const { leafHash } = await bravo.ask("who cosigns this?");
    await unit.until("charlie has seen it", () => charlie.seen(leafHash) !== undefined);
    await unit.pass(3000);
    const after = (await bravo.status()).own;
    expect(after.recorded).toBeGreaterThan(heads);
    expect({ witnessed: after.witnessed, held: after.held }).toEqual({
      witnessed: before.witnessed,
      held: before.held,
    });
    expect(alfa.station.own.reader.size).toBeLessThan(bravo.unit.archive.foldedSize(alfa.origin));
    await alfa.api("POST", "/api/recover", { without: [] });
    await unit.untilReady(alfa);
    await unit.untilAgreed();
  });

  it("recovers from the mirrors without losing a statement, and goes on", async () => {
    const { backup, lost } = await anOldCopyOfAlfa();
    const digest = bravo.fold.viewDigest().digest;
    const size = alfa.station.own.reader.size;
    await alfa.restore(backup);
    await untilBehind(alfa);
    const { status, body } = await alfa.api("POST", "/api/recover", { without: [] });
    expect({ status, to: (body as { to: number }).to }).toEqual({ status: 200, to: size });
    await unit.untilReady(alfa);
    await unit.until("alfa holds all that it had lost", () => lost.every((hash) => alfa.seen(hash) === "effective"));
    await unit.until("alfa holds its shared items", async () => (await intel(alfa)).includes("lost.example"));
    await unit.untilAgreed();
    expect(alfa.fold.viewDigest().digest).toBe(digest);
    const { leafHash } = await alfa.ask("after the recovery");
    await unit.untilEffective(leafHash);
    await unit.untilAgreed();
  });

  it("its witness cosigns nothing below what it cosigned before, not even after the recovery", async () => {
    const { backup } = await anOldCopyOfAlfa();
    const [earlier, later] = [
      bravo.unit.archive.foldedSize(bravo.origin) - 1,
      bravo.unit.archive.foldedSize(bravo.origin),
    ];
    await alfa.restore(backup);
    await untilBehind(alfa);
    await alfa.api("POST", "/api/recover", { without: [] });
    await unit.untilReady(alfa);
    await unit.untilAgreed();
    const known = await alfa.station.state.witness.get(bravo.origin);
    const { leafHash } = await bravo.ask("cosign this");
    await unit.untilEffective(leafHash);
    await unit.until(
      "alfa's witness is where it was",
      async () => ((await alfa.station.state.witness.get(bravo.origin))?.size ?? 0) > later,
    );
    expect(known?.size ?? 0).not.toBe(earlier);
  });

  it("whoever cannot be asked holds it up, until an officer answers for it", async () => {
    await charlie.stop();
    await alfa.restart();
    await unit.until("alfa says for whom it waits", () => alfa.station.gate.detail.includes("waiting for"));
    await unit.pass(3000);
    expect(alfa.station.gate.state).toBe("checking");
    expect(alfa.station.gate.detail).toContain("charlie");
    expect((await alfa.tryToAsk("may I?")).status).toBe(503);
    expect((await alfa.api("POST", "/api/recover", { without: [] })).status).toBe(503);
    expect((await alfa.api("POST", "/api/recover", { without: ["charlie"] })).status).toBe(200);
    await unit.untilReady(alfa);
    await alfa.ask("go on");
    await charlie.start();
    await unit.untilReady(charlie);
    await unit.untilAgreed();
  });

  it("and speaks before it has asked: the others prove it, and it falls silent", async () => {
    const { backup } = await anOldCopyOfAlfa();
    unit.network.cut(["alfa.test"], ["bravo.test", "charlie.test"]);
    await alfa.restore(backup);
    await alfa.api("POST", "/api/recover", { without: ["bravo", "charlie"] });
    await unit.untilReady(alfa);
    for (let i = 0; i < 20; i++) await alfa.ask(`said twice ${i}`);
    unit.network.mend();
    await unit.until("alfa's log is frozen at the others", () =>
      [bravo, charlie].every((station) => station.unit.evidence.isFrozen(alfa.origin)),
    );
    await unit.until("alfa knows", () => alfa.station.gate.state === "frozen");
    const { leafHash } = await bravo.ask("the others go on");
    await unit.until("it takes effect", () => charlie.seen(leafHash) !== undefined);
  });
});

async function intel(station: TestStation): Promise<string[]> {
  const { body } = await station.api("GET", "/api/intel?limit=1000");
  return (body as unknown as { rows: { value: string; item: Json }[] }).rows
    .filter(({ item }) => item !== null)
    .map(({ value }) => value);
}
