import { fromHex, sha256, toHex, utf8 } from "@detente/basics";
import { formatLeaf, parseLeaf } from "@detente/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit, type Written } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 51 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

function digestOf({ leaf }: Written): string {
  const parsed = parseLeaf(leaf);
  if (!parsed.ok || !("body" in parsed.value)) throw new Error("a statement has a body");
  return parsed.value.body;
}

async function publishEverywhere(): Promise<void> {
  for (const station of unit.stations()) await mallory.publish(station);
}

async function expectTheUnitGoesOn(): Promise<void> {
  const { leafHash } = await alfa.ask("does work go on?");
  await unit.untilEffective(leafHash);
  await unit.untilAgreed();
}

describe("a party keeps a body to itself", () => {
  it("its statement never takes effect, nor what it says after it, and nobody else is held up", async () => {
    const kept = mallory.write({});
    mallory.bodies.delete(digestOf(kept));
    const after = mallory.write({});
    await publishEverywhere();
    await unit.until("all have read it", () =>
      unit.stations().every((station) => station.seen(after.hash) !== undefined),
    );
    await unit.pass(2500);
    for (const station of unit.stations()) {
      expect(station.seen(kept.hash)).toBe("pending");
      expect(station.seen(after.hash)).toBe("pending");
    }
    await expectTheUnitGoesOn();
    // It may change its mind: then all that it said counts, in its order.
    mallory.bodies.set(digestOf(kept), kept.body);
    await unit.untilEffective(kept.hash, after.hash);
    await unit.untilAgreed();
  });

  it("gives it to some and goes away: the others have it from those who observed it", async () => {
    const kept = mallory.write({});
    const digest = digestOf(kept);
    unit.network.cut(["mallory.test"], ["bravo.test"]);
    await mallory.publish(alfa);
    await mallory.publish(charlie);
    await unit.until("alfa and charlie have it", () =>
      [alfa, charlie].every((one) => one.station.bodies.has(fromHex(digest) as Uint8Array)),
    );
    await unit.network.detach("mallory.test");
    unit.network.mend();
    await mallory.publish(bravo);
    await unit.untilEffective(kept.hash);
    await unit.untilAgreed();
    unit.network.attach("mallory.test", mallory.endpoint);
  });

  it("gives other bytes instead: they are not taken, and asked for elsewhere", async () => {
    const kept = mallory.write({});
    const digest = digestOf(kept);
    mallory.bodies.set(digest, utf8("something else"));
    await publishEverywhere();
    await unit.pass(2000);
    for (const { station } of unit.stations()) {
      expect(station.bodies.has(sha256(utf8("something else")))).toBe(false);
      expect(station.bodies.has(fromHex(digest) as Uint8Array)).toBe(false);
    }
    await expectTheUnitGoesOn();
    mallory.bodies.set(digest, kept.body);
    await unit.untilEffective(kept.hash);
  });

  it.each([
    ["an endless body", () => new Response(endless())],
    ["half a frame", () => new Response(Uint8Array.of(0, 0, 1, 0, 1, 2, 3))],
    ["an error", () => new Response("no", { status: 500 })],
    [
      "a redirect to itself",
      () => new Response(null, { status: 307, headers: { location: "https://mallory.test/bodies" } }),
    ],
    ["a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
  ])("answers with %s: it costs the others nothing", async (_, answer) => {
    mallory.tricks.push((request) => (new URL(request.url).pathname === "/bodies" ? answer() : undefined));
    const { hash } = mallory.write({});
    await publishEverywhere();
    await unit.pass(600);
    await expectTheUnitGoesOn();
    mallory.tricks.pop();
    await unit.untilEffective(hash);
  });

  it("keeps the items of a share: the share stands, the items stay unknown, and work goes on", async () => {
    const content = {
      title: "empty words",
      tlp: "green",
      collection: { root: "ab".repeat(32), count: 1 },
      items: { digest: toHex(sha256(utf8("no items"))), size: 8 },
      kinds: { domain: 1 },
    };
    const share = mallory.write({ kind: "share", content });
    await publishEverywhere();
    await unit.untilEffective(share.hash);
    // What it gives has the digest it named, but is no list of items.
    mallory.blobs.set(content.items.digest, utf8("no items"));
    await unit.pass(2500);
    const { body } = await bravo.api("GET", "/api/intel?limit=10");
    expect((body as { rows: unknown[] }).rows).toEqual([]);
    await expectTheUnitGoesOn();
    expect(charlie.station.gate.state).toBe("ready");
  });

  it("names a body larger than a body may be: nobody stores it", async () => {
    const large = utf8("x".repeat(3 << 20));
    const digest = toHex(sha256(large));
    const leaf = {
      v: 1,
      unit: mallory.unit,
      type: "open",
      of: [],
      at: unit.clock.now(),
      body: digest,
      size: 1 << 20,
    } as const;
    mallory.writeRaw(formatLeaf(leaf), large);
    await publishEverywhere();
    await unit.pass(2000);
    for (const { station } of unit.stations()) expect(station.bodies.has(fromHex(digest) as Uint8Array)).toBe(false);
    await expectTheUnitGoesOn();
  });
});

function endless(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
}
