import { type Bytes, fromHex, sha256, toHex, utf8Decode } from "@detente/basics";
import { type Audience, draftStatement, formatLeaf, parseLeaf } from "@detente/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, type RawAnswer, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 31 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

const NOBODY_HAS = "00".repeat(32);

/** A share of alfa's for bravo alone, and the digests of its body and of its items. */
async function aShareForBravo(): Promise<{ hash: string; body: string; items: string }> {
  const { leafHash, index } = await alfa.share({ title: "for bravo alone", audience: ["alfa", "bravo"] });
  await unit.until("bravo can read it", () => bravo.seen(leafHash) === "effective");
  await unit.untilAgreed();
  const leaf = parseLeaf(await alfa.station.own.reader.entry(index));
  if (!leaf.ok || !("body" in leaf.value)) throw new Error("a share has a body");
  const content = bravo.fold.find(leafHash)[0]?.body?.content ?? null;
  const { items } = content as unknown as { items: { digest: string } };
  return { hash: leafHash, body: leaf.value.body, items: items.digest };
}

/** All that an answer tells. */
function tells({ status, headers, body }: RawAnswer): unknown {
  return { status, headers: Object.fromEntries([...headers].filter(([name]) => name !== "date")), body: toHex(body) };
}

async function gets(to: TestStation, digest: string): Promise<Bytes | undefined> {
  const { body } = await mallory.askForBodies(to, [digest]);
  return body.length > 4 ? body.subarray(4) : undefined;
}

describe("what is for some only", () => {
  it("is no different from what does not exist, to a member outside the audience", async () => {
    const secret = await aShareForBravo();
    for (const station of [alfa, bravo, charlie]) {
      const [asked, absent] = [
        await mallory.askForBodies(station, [secret.body]),
        await mallory.askForBodies(station, [NOBODY_HAS]),
      ];
      expect(tells(asked)).toEqual(tells(absent));
      const blob = await mallory.send(station, "GET", `/blobs/${secret.items}`);
      expect(tells(blob)).toEqual(tells(await mallory.send(station, "GET", `/blobs/${NOBODY_HAS}`)));
      expect(blob.status).toBe(404);
    }
  });

  it("is given to the audience, items and all", async () => {
    const secret = await aShareForBravo();
    await unit.until("bravo has the items", () => bravo.station.blobs.has(fromHex(secret.items) as Bytes));
    expect(await charlie.station.blobs.has(fromHex(secret.items) as Bytes)).toBe(false);
    expect(charlie.station.bodies.has(fromHex(secret.body) as Bytes)).toBe(false);
    expect(charlie.seen(secret.hash)).toBe("sealed");
    expect(charlie.fold.views()).not.toContain('["alfa","bravo"]');
  });

  it("shows a stranger nothing: not who is a member, nor what there is", async () => {
    const secret = await aShareForBravo();
    const strange = { keyid: "zulu", seed: sha256(new Uint8Array(1)) };
    const known = { keyid: "bravo", seed: sha256(new Uint8Array(1)) };
    for (const path of [
      `/blobs/${secret.items}`,
      `/blobs/${NOBODY_HAS}`,
      "/log/checkpoint",
      "/mirror/x",
      "/witness/x",
    ]) {
      const answers = [
        await mallory.send(alfa, "GET", path, strange),
        await mallory.send(alfa, "GET", path, known),
        await mallory.sendRaw({ url: `${alfa.url}${path}`, method: "GET", headers: {}, body: new Uint8Array(0) }),
      ].map(tells);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
      expect((answers[0] as { status: number }).status).toBe(401);
    }
  });

  it("names no party, log or count to whoever is no member, on any path", async () => {
    await aShareForBravo();
    for (const path of [
      "/",
      "/healthz",
      "/readyz",
      "/metrics",
      "/api/status",
      "/api/openapi.json",
      "/api/find?q=evil.example",
      "/bodies",
      "/log/checkpoint",
    ]) {
      const response = await alfa.fetch(path);
      const told = (await response.text()) + JSON.stringify([...response.headers]);
      for (const name of ["alfa", "bravo", "charlie", "mallory"]) expect(`${path}: ${told}`).not.toContain(name);
    }
  });
});

describe("a member copies a sealed leaf of another's into its own log", () => {
  it("and does not become its author: it gets neither the body nor the items", async () => {
    const secret = await aShareForBravo();
    const { log, index } = bravo.fold.find(secret.hash)[0] as { log: string; index: number };
    expect(log).toBe(alfa.origin);
    const leaf = await alfa.station.own.reader.entry(index);
    mallory.log.append(leaf);
    for (const station of unit.stations()) await mallory.publish(station);
    await unit.until("all hold mallory's copy", () =>
      unit.stations().every((station) => station.unit.archive.foldedSize(mallory.origin) === mallory.log.size),
    );
    await unit.untilAgreed();
    for (const station of unit.stations()) {
      expect(await gets(station, secret.body)).toBeUndefined();
      expect((await mallory.send(station, "GET", `/blobs/${secret.items}`)).status).toBe(404);
    }
  });

  it("with another time in it, that only the digest of the body is the same", async () => {
    const secret = await aShareForBravo();
    const { index } = bravo.fold.find(secret.hash)[0] as { index: number };
    const parsed = parseLeaf(await alfa.station.own.reader.entry(index));
    if (!parsed.ok) throw new Error("a leaf");
    mallory.log.append(formatLeaf({ ...parsed.value, at: parsed.value.at + 1 }));
    for (const station of unit.stations()) await mallory.publish(station);
    await unit.untilAgreed();
    await unit.pass(1000);
    for (const station of unit.stations()) {
      expect(await gets(station, secret.body)).toBeUndefined();
      expect((await mallory.send(station, "GET", `/blobs/${secret.items}`)).status).toBe(404);
    }
  });
});

describe("a statement with a false audience", () => {
  /** Written by hand, since no careful writer makes such a body. */
  function sealedFor(audience: Audience | readonly unknown[]): { hash: string; digest: string } {
    const content = { title: "for whom?", text: "for whom?" };
    const draft = {
      unit: mallory.unit,
      by: mallory.origin,
      of: [],
      at: unit.clock.now(),
      salt: new Uint8Array(32),
      type: "open",
      kind: "question",
      content,
    } as const;
    const { body } = draftStatement({ ...draft, audience: ["alfa", "mallory"] });
    const text = (utf8Decode(body) ?? "").replace(
      '"audience":["alfa","mallory"]',
      `"audience":${JSON.stringify(audience)}`,
    );
    const padded = text.replace(/"pad":"0*"/, (pad) => {
      const missing = 512 - (text.length - pad.length + '"pad":""'.length);
      return `"pad":"${"0".repeat(Math.max(0, missing))}"`;
    });
    const bytes = new TextEncoder().encode(padded);
    const leaf = {
      v: 1,
      unit: mallory.unit,
      type: "sealed",
      of: [],
      at: unit.clock.now(),
      body: toHex(sha256(bytes)),
      size: bytes.length,
    } as const;
    const { hash } = mallory.writeRaw(formatLeaf(leaf), bytes);
    return { hash, digest: leaf.body };
  }

  it.each([
    ["empty", []],
    ["of names that nobody has", ["nobody", "noone"]],
    ["without its author", ["alfa", "bravo"]],
    ["that names a stranger", ["mallory", "zulu"]],
    ["out of order", ["mallory", "alfa"]],
    ["of numbers", [1, 2]],
  ])("%s: changes nothing and reaches nobody else", async (_, audience) => {
    const before = alfa.fold.things().length;
    const { hash, digest } = sealedFor(audience);
    for (const station of unit.stations()) await mallory.publish(station);
    await unit.until("it has arrived", () => unit.stations().every((station) => station.seen(hash) !== undefined));
    await unit.untilAgreed();
    await unit.pass(1000);
    for (const { fold } of unit.stations()) expect(fold.things()).toHaveLength(before);
    // To whom it names a stranger only, it counts between its author and that stranger, which is nobody here.
    for (const { fold } of unit.stations()) expect(fold.thing(hash)).toBeUndefined();
    for (const station of unit.stations()) {
      const other = unit.stations().find((one) => one !== station && !audience.some((name) => name === one.name));
      if (other === undefined) continue;
      const asked = await mallory.sendRaw(
        mallory.sign(station, "POST", "/bodies", {
          body: fromHex(digest) as Bytes,
          keyid: other.name,
          seed: await other.transportSeed(),
        }),
      );
      expect(asked.body.length).toBe(4);
    }
  });

  it("is refused at one's own station, before anything is written", async () => {
    const size = alfa.station.own.reader.size;
    for (const audience of [[], ["zulu"], ["bravo", "zulu"], ["alfa"]]) {
      expect((await alfa.tryToAsk("for whom?", audience)).status).toBe(400);
    }
    expect(alfa.station.own.reader.size).toBe(size);
  });
});
