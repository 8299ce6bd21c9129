import { present, utf8Decode } from "@detente/basics";
import { originHash } from "@detente/tlog";
import { afterEach, describe, expect, it } from "vitest";
import type { HostileLog, HostileParty, TestStation, TestUnit } from "../index.ts";
import { startTestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
afterEach(() => unit.close());

/** Three honest stations and mallory, of whose log all have agreed on a first part. */
async function start(seed: number): Promise<void> {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
  const agreed = mallory.write({ content: { title: "agreed", text: "all have seen this" } });
  for (const station of unit.stations()) await mallory.publish(station);
  await unit.untilEffective(agreed.hash);
  await unit.untilAgreed();
}

/** A version of mallory's log that goes on in its own way. */
function version(title: string, statements: number): { log: HostileLog; hashes: string[] } {
  const log = mallory.log.fork();
  const hashes = Array.from({ length: statements }, (_, i) => {
    return mallory.write({ content: { title: `${title} ${i}`, text: title } }, log).hash;
  });
  return { log, hashes };
}

async function untilAllKnow(): Promise<void> {
  await unit.until("every station has frozen mallory's log", () =>
    unit.running().every((station) => station.unit.evidence.isFrozen(mallory.origin) && frozenInFold(station)),
  );
}

function frozenInFold({ fold }: TestStation): boolean {
  return fold.logs().some(({ origin, frozen }) => origin === mallory.origin && frozen !== undefined);
}

async function expectTheUnitGoesOn(agreedSize: number): Promise<void> {
  for (const station of unit.running()) {
    const status = await station.status();
    expect(status.station.state).toBe("ready");
    expect(status.equivocations.map(({ log }) => log)).toEqual([mallory.origin]);
    expect(status.logs.find(({ party }) => party === "mallory")).toMatchObject({ frozen: true, effective: agreedSize });
  }
  const { leafHash } = await alfa.share({ title: "work goes on" });
  await unit.untilEffective(leafHash);
  await unit.untilAgreed();
  expect(new Set(unit.digests()).size).toBe(1);
}

/** The proof stands on the record of an honest party, where every member judges it for itself. */
function expectProofOnRecord(): void {
  for (const { fold } of unit.running()) {
    const { frozen } = present(
      fold.logs().find(({ origin }) => origin === mallory.origin),
      "mallory's log",
    );
    const proofs = present(frozen, "the freeze").proofs.map((hash) => fold.find(hash)[0]);
    expect(proofs.length).toBeGreaterThan(0);
    for (const proof of proofs)
      expect(proof).toMatchObject({ status: { state: "effective" }, body: { kind: "equivocation" } });
  }
}

describe("a party shows two versions of its log", () => {
  it("to two stations: all learn it, the proof is on the record, the log is frozen at the agreed prefix", async () => {
    await start(11);
    const agreed = mallory.log.size;
    const one = version("one", 2);
    const other = version("other", 2);
    await mallory.publish(alfa, one.log);
    await mallory.publish(bravo, other.log);
    await untilAllKnow();
    expectProofOnRecord();
    for (const station of unit.stations()) {
      for (const hash of [...one.hashes, ...other.hashes]) expect(station.seen(hash)).not.toBe("effective");
    }
    await expectTheUnitGoesOn(agreed);
  });

  it("of different lengths: the shorter one is shown not to be a part of the longer one", async () => {
    await start(12);
    const agreed = mallory.log.size;
    await mallory.publish(alfa, version("short", 1).log);
    await mallory.publish(bravo, version("long", 300).log);
    await untilAllKnow();
    expectProofOnRecord();
    await expectTheUnitGoesOn(agreed);
  });

  it("one of them to a quorum: all go by what the quorum holds", async () => {
    await start(13);
    const most = version("most", 2);
    await mallory.publish(alfa, most.log);
    await mallory.publish(charlie, most.log);
    await unit.until("the quorum's version took effect", () =>
      [alfa, charlie].every((station) => most.hashes.every((hash) => station.seen(hash) === "effective")),
    );
    await mallory.publish(bravo, version("few", 2).log);
    await untilAllKnow();
    expectProofOnRecord();
    await unit.until("bravo holds what the quorum holds", () =>
      most.hashes.every((hash) => bravo.seen(hash) === "effective"),
    );
    await expectTheUnitGoesOn(most.log.size);
  });

  it("to one station's witness: it cosigns neither again, and has the proof at once", async () => {
    await start(14);
    const one = version("one", 1).log;
    const other = version("other", 1).log;
    const oldSize = mallory.log.size;
    expect((await mallory.toWitness(alfa, one)).ok).toBe(true);
    expect((await mallory.showHead(alfa, other.head(), { oldSize: one.size })).status).toBe(422);
    expect((await mallory.toWitness(alfa, one)).ok).toBe(false);
    await untilAllKnow();
    expectProofOnRecord();
    await expectTheUnitGoesOn(oldSize);
  });

  it("a station that is started again still knows", async () => {
    await start(15);
    await mallory.publish(alfa, version("one", 1).log);
    await mallory.publish(bravo, version("other", 1).log);
    await untilAllKnow();
    for (const station of unit.stations()) await station.restart();
    await unit.untilReady(...unit.stations());
    for (const station of unit.stations()) expect(station.unit.evidence.isFrozen(mallory.origin)).toBe(true);
    await expectTheUnitGoesOn(mallory.log.size);
    expect((await mallory.toWitness(charlie, version("third", 4).log)).ok).toBe(false);
  });
});

describe("a party goes back", () => {
  it("a smaller head is refused, and the larger one stays", async () => {
    await start(16);
    const held = mallory.log.size;
    const smaller = mallory.log.head(held - 1);
    expect((await mallory.showHead(alfa, smaller, { oldSize: held - 1 })).status).toBe(409);
    expect((await mallory.showHead(alfa, smaller, { oldSize: held })).status).toBe(400);
    expect((await mallory.showHead(alfa, smaller, { oldSize: 0 })).status).toBe(409);
    expect((await mallory.showHead(alfa, smaller, { oldSize: held, service: "mirror" })).status).toBe(400);
    const monitored = await mallory.send(alfa, "GET", `/witness/${originHash(mallory.origin)}/checkpoint`);
    expect(utf8Decode(monitored.body)?.split("\n")[1]).toBe(String(held));
    expect(alfa.unit.evidence.isFrozen(mallory.origin)).toBe(false);
  });
});
