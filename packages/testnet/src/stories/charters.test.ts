import { type Json, toBase64, toHex } from "@detente/basics";
import { type CharterDocument, charterDigest, type PartyFile } from "@detente/record";
import { partyFile } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type HostileParty,
  seededBytes,
  startTestUnit,
  type TestStation,
  type TestUnit,
  type Written,
} from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 111 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

/** Proposes a charter and accepts it in mallory's name. */
function propose(parties: readonly PartyFile[]): Written {
  const sorted = [...parties].sort((a, b) => (a.name < b.name ? -1 : 1));
  const charter: CharterDocument = {
    ...unit.charter,
    base: mallory.unit,
    attempt: 1,
    quorum: Math.max(2, Math.floor((parties.length - 1) / 2) + 1),
    parties: sorted,
  };
  const proposal = mallory.write({ type: "open", kind: "charter", content: { charter } as unknown as Json });
  mallory.write({ type: "position", kind: "accept", of: [proposal.hash], content: { digest: charterDigest(charter) } });
  return proposal;
}

function stateAt({ fold }: TestStation, { hash }: Written): string | undefined {
  const status = fold.find(hash)[0]?.status;
  return status?.state === "void" ? status.reason : status?.state;
}

const strangers = (count: number, seed = 7): PartyFile[] => {
  const random = seededBytes(seed);
  const seeds = (): Parameters<typeof partyFile>[1]["current"] => ({
    log: random(32),
    witness: random(32),
    mirror: random(32),
    transport: random(32),
  });
  return Array.from({ length: count }, (_, i) => {
    const name = `puppet-${seed}-${i}`;
    const address = { name, origin: `${name}.test/${name}`, url: `https://${name}.test`, spki: toHex(random(32)) };
    return partyFile(address, { current: seeds(), next: seeds() });
  });
};

describe("a charter that others did not agree to", () => {
  it("and that leaves one of them out, is void", async () => {
    const proposal = propose(unit.charter.parties.filter(({ name }) => name !== "bravo"));
    await unit.spread(mallory);
    for (const station of unit.stations()) expect(stateAt(station, proposal)).toBe("omits-member");
    for (const { unit: seen } of unit.stations()) expect([...seen.membership.names()]).toContain("bravo");
  });

  it("and that gives one of them another log, is void", async () => {
    const [puppet] = strangers(1) as [PartyFile];
    const parties = unit.charter.parties.map((party) =>
      party.name === "bravo" ? { ...puppet, name: "bravo" } : party,
    );
    const proposal = propose(parties);
    await unit.spread(mallory);
    for (const station of unit.stations()) expect(stateAt(station, proposal)).toMatch(/name-taken|omits-member/);
  });

  it("and that gives one of them other keys, gives nobody those keys", async () => {
    const thief = seededBytes(5)(32);
    const [{ transport }] = [strangers(1, 5)[0] as PartyFile];
    const parties = unit.charter.parties.map((party) => (party.name === "bravo" ? { ...party, transport } : party));
    propose(parties);
    await unit.spread(mallory);
    await unit.pass(500);
    for (const station of unit.stations())
      expect(toBase64(station.unit.membership.transportKey("bravo") ?? new Uint8Array(0))).toBe(bravo.party.transport);
    expect((await mallory.send(alfa, "GET", "/log/checkpoint", { keyid: "bravo", seed: thief })).status).toBe(401);
    const { leafHash } = await bravo.ask("am I still I?");
    await unit.untilEffective(leafHash);
  });

  it("brings in nobody, however many it names and however often", async () => {
    for (let i = 0; i < 6; i++) propose([...unit.charter.parties, ...strangers(40, 20 + i)]);
    await unit.spread(mallory);
    await unit.pass(500);
    for (const station of unit.stations()) {
      expect([...station.unit.membership.names()]).toEqual(["alfa", "bravo", "charlie", "mallory"]);
      // Of a party that proposes much, one proposal counts, and nothing is opened for those who have brought nothing.
      expect(station.unit.membership.invited()).toHaveLength(40);
      expect(station.unit.archive.origins()).toHaveLength(4);
    }
    const { leafHash } = await alfa.ask("is there room?");
    await unit.untilEffective(leafHash);
  });
});

describe("a proposal with an address that nobody can call", () => {
  it("stops nobody", async () => {
    const urls = ["https://puppet.test:99999", "https://user@puppet.test", "http://puppet.test/?q", "https://[::1"];
    const puppets = strangers(urls.length, 3).map((puppet, i) => ({ ...puppet, url: urls[i] as string }));
    propose([...unit.charter.parties, ...puppets]);
    await unit.spread(mallory);
    const { leafHash } = await alfa.ask("does work go on?");
    await unit.untilEffective(leafHash);
    await bravo.restart();
    await unit.untilReady(bravo);
    await unit.untilEffective((await bravo.ask("and after a restart?")).leafHash);
  });
});

describe("a party that has left and goes on speaking", () => {
  it("is void from then on, is a stranger, and the others go on", async () => {
    mallory.write({ type: "position", kind: "withdraw", content: { digest: mallory.unit } });
    await unit.spread(mallory);
    const after = mallory.write({ content: { title: "still here", text: "and speaking" } });
    for (const station of unit.stations()) await mallory.publish(station).catch(() => undefined);
    await unit.pass(1500);
    for (const station of unit.stations()) expect(station.seen(after.hash) ?? "void").toBe("void");
    const sealed = await alfa.share({ audience: ["alfa", "bravo"] });
    const { leafHash } = await alfa.ask("who is left?");
    await unit.untilEffective(leafHash);
    await unit.untilAgreed();
    expect(bravo.seen(sealed.leafHash)).toBe("effective");
    expect((await alfa.tryToAsk("for mallory", ["mallory"])).status).toBe(400);
    for (const station of unit.stations())
      expect((await station.status()).unit?.members).toEqual(["alfa", "bravo", "charlie"]);
  });
});
