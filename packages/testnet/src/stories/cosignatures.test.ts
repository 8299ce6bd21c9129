import { sha256, unwrap, utf8, utf8Decode } from "@detente/basics";
import {
  ed25519Cosigner,
  formatCheckpoint,
  formatSignatureLine,
  parseNote,
  signNote,
  ed25519Signer,
} from "@detente/tlog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 71 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

describe("a checkpoint of a log that is not one's own", () => {
  const note = (origin: string, seed: Uint8Array, size = 1000): Uint8Array =>
    signNote(formatCheckpoint({ origin, size, root: sha256(utf8("forged")), extensions: [] }), [
      ed25519Signer(origin, seed),
    ]);

  it("is refused by witness and mirror, and what they hold stays", async () => {
    const before = await alfa.station.state.witness.get(bravo.origin);
    for (const service of ["witness", "mirror"] as const) {
      const forged = { size: 1000, root: sha256(utf8("forged")), note: note(bravo.origin, mallory.keys.log) };
      expect((await mallory.showHead(alfa, forged, { service })).status).toBe(403);
    }
    expect(await alfa.station.state.witness.get(bravo.origin)).toEqual(before);
  });

  it("signed by another role's key of its party is refused", async () => {
    for (const role of ["witness", "mirror", "transport"] as const) {
      const forged = { size: 1000, root: sha256(utf8("forged")), note: note(mallory.origin, mallory.keys[role]) };
      expect((await mallory.showHead(alfa, forged)).status).toBe(403);
    }
  });

  it("of a log that nobody knows, or of the station's own, is refused as unknown", async () => {
    for (const origin of ["elsewhere.test/log", alfa.origin]) {
      const forged = { size: 1000, root: sha256(utf8("forged")), note: note(origin, mallory.keys.log) };
      expect((await mallory.showHead(alfa, forged)).status).toBe(404);
      expect((await mallory.showHead(alfa, forged, { service: "mirror" })).status).toBe(404);
    }
  });
});

describe("a cosignature", () => {
  /** Only what bravo and charlie say may count: with mallory's word alone nothing of alfa's is witnessed or held. */
  async function expectNoCountFor(answer: (request: Request) => Promise<Response>): Promise<void> {
    await unit.untilAgreed();
    await unit.until("all of alfa's is witnessed and held", async () => {
      const { recorded, witnessed, held } = (await alfa.status()).own;
      return witnessed === recorded && held === recorded;
    });
    const before = (await alfa.status()).own;
    unit.network.cut(["alfa.test"], ["bravo.test", "charlie.test"]);
    const trick = (request: Request): Promise<Response> | undefined =>
      request.url.endsWith("/add-checkpoint") || request.url.endsWith("/add-entries") ? answer(request) : undefined;
    mallory.tricks.unshift(trick);
    await alfa.ask("who vouches for this?");
    await unit.pass(1500);
    expect((await alfa.status()).own).toMatchObject({ witnessed: before.witnessed, held: before.held });
    expect(alfa.station.gate.state).toBe("ready");
    mallory.tricks.shift();
    unit.network.mend();
    await unit.untilAgreed();
  }

  const lines = (text: string, cosigner: ReturnType<typeof ed25519Cosigner>, at = unit.clock.now() / 1000): string =>
    formatSignatureLine(cosigner.cosign(text, Math.floor(at)));
  const textOf = async (request: Request): Promise<string> => {
    const sent = utf8Decode(new Uint8Array(await request.arrayBuffer())) ?? "";
    return unwrap(parseNote(utf8(sent.slice(sent.indexOf("\n\n") + 2)))).text;
  };
  const mallorys = (): ReturnType<typeof ed25519Cosigner> =>
    ed25519Cosigner(`${mallory.origin}/witness`, mallory.keys.witness);

  it("of an older checkpoint does not count for the new one", async () => {
    const old = formatCheckpoint({
      origin: alfa.origin,
      size: 1,
      root: alfa.station.own.reader.rootAt(1),
      extensions: [],
    });
    await expectNoCountFor(() => Promise.resolve(new Response(lines(old, mallorys()))));
  });

  it("in another witness's name does not count", async () => {
    const forged = ed25519Cosigner(`${bravo.origin}/witness`, mallory.keys.witness);
    await expectNoCountFor(
      async (request) => new Response(lines(await textOf(request).catch(() => "x\n1\nAAAA\n"), forged)),
    );
  });

  it("by a key of another role does not count", async () => {
    const wrong = ed25519Cosigner(`${mallory.origin}/witness`, mallory.keys.transport);
    await expectNoCountFor(
      async (request) => new Response(lines(await textOf(request).catch(() => "x\n1\nAAAA\n"), wrong)),
    );
  });

  it.each([
    ["nothing", ""],
    ["no lines", "thanks\n"],
    ["a thousand lines", "\u2014 x AAAAAAAA\n".repeat(1000)],
    ["megabytes", "x".repeat(3 << 20)],
  ])("that is %s does not count", async (_, text) => {
    await expectNoCountFor(() => Promise.resolve(new Response(text)));
  });

  it("by one member counts once, however often it is given", async () => {
    const own = mallorys();
    await expectNoCountFor(async (request) => {
      if (!request.url.includes("/witness/")) return new Response(null, { status: 500 });
      const text = await textOf(request);
      return new Response(lines(text, own) + lines(text, own, 1) + lines(text, own, 2));
    });
  });

  it("of a witness that refuses, or names impossible sizes, is done without", async () => {
    for (const status of [403, 409, 503]) {
      await expectNoCountFor(() =>
        Promise.resolve(new Response("99999999\n", { status, headers: { "content-type": "text/x.tlog.size" } })),
      );
    }
  });
});
