import { sha256, toBase64, utf8, utf8Decode } from "@detente/basics";
import {
  ed25519Cosigner,
  formatCheckpoint,
  formatNote,
  formatSignatureLine,
  originHash,
  parseNote,
  signNote,
  ed25519Signer,
} from "@detente/tlog";
import { unwrap, type Json } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit, type Written } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 71 });
  [alfa, bravo, charlie] = ["alfa", "bravo", "charlie"].map((name) => unit.station(name)) as [
    TestStation,
    TestStation,
    TestStation,
  ];
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

async function publish(): Promise<void> {
  for (const station of unit.stations()) await mallory.publish(station);
  await unit.until("all have judged what mallory said", () =>
    unit
      .stations()
      .every(({ fold }) =>
        fold
          .logs()
          .some(
            ({ origin, size, judgedSize }) =>
              origin === mallory.origin && size === mallory.log.size && !fold.observable(origin, judgedSize, size),
          ),
      ),
  );
  await unit.untilAgreed();
}

function reasons({ hash }: Written): unknown[] {
  return unit.stations().map(({ fold }) => {
    const status = fold.find(hash).find(({ log }) => log === mallory.origin)?.status;
    return status?.state === "void" ? status.reason : status?.state;
  });
}

const always = (what: string): string[] => [what, what, what];

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
    await unit.pass(1500);
    const before = (await alfa.status()).own;
    unit.network.cut(["alfa.test"], ["bravo.test", "charlie.test"]);
    const trick = (request: Request): Promise<Response> | undefined =>
      request.url.endsWith("/add-checkpoint") || request.url.endsWith("/add-entries") ? answer(request) : undefined;
    mallory.tricks.unshift(trick);
    await alfa.ask("who vouches for this?");
    await unit.pass(2500);
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
    for (const status of [403, 404, 409, 422, 503]) {
      await expectNoCountFor(() =>
        Promise.resolve(new Response("99999999\n", { status, headers: { "content-type": "text/x.tlog.size" } })),
      );
    }
  });
});

describe("a statement in another's name", () => {
  it("copied into one's own log stays the other's, and only the other can take it back", async () => {
    const share = await alfa.share({ title: "alfa's own", items: [{ kind: "domain", value: "copied.example" }] });
    await unit.untilEffective(share.leafHash);
    const { index } = share;
    const leaf = await alfa.station.own.reader.entry(index);
    mallory.log.append(leaf);
    mallory.write({ type: "position", kind: "withdraw", of: [share.leafHash], content: {} });
    await publish();
    for (const station of unit.stations()) {
      await unit.until("the items are there", async () =>
        (await station.fetchText("/api/indicators")).includes("copied.example"),
      );
      const rows = (await station.api("GET", "/api/intel?q=copied")).body as unknown as {
        rows: { party: string; status: string }[];
      };
      expect(rows.rows.map(({ party, status }) => ({ party, status }))).toEqual([
        { party: "alfa", status: "effective" },
      ]);
      const row = (await station.api("GET", `/api/statements/${share.leafHash}`)).body;
      expect(row).toMatchObject({ party: "alfa", status: "effective" });
      const { unit: seen } = await station.status();
      expect(seen?.shares).toBe(1);
    }
  });

  it("is not made by a position: one speaks for oneself alone", async () => {
    const question = await alfa.ask("does bravo agree?");
    await unit.untilEffective(question.leafHash);
    mallory.write({ type: "position", kind: "accept", of: [question.leafHash], content: { text: "bravo accepts" } });
    mallory.write({
      type: "account",
      kind: "report",
      of: [question.leafHash],
      content: { party: "bravo", said: "accept" },
    });
    await publish();
    for (const { fold } of unit.stations()) {
      const voices = fold.thing(question.leafHash)?.voices ?? [];
      expect(voices.map(({ name }) => name)).toEqual(["mallory"]);
      expect(voices[0]?.accounts).toEqual([expect.objectContaining({ party: "bravo", said: "accept" })]);
    }
  });

  it("cannot be a report of what one said oneself", async () => {
    const question = await alfa.ask("who said so?");
    await unit.untilEffective(question.leafHash);
    const said = mallory.write({
      type: "account",
      kind: "report",
      of: [question.leafHash],
      content: { party: "mallory", said: "deny" },
    });
    await publish();
    expect(reasons(said)).toEqual(always("about-oneself"));
  });

  it("of another unit has no effect here", async () => {
    const foreign = utf8Decode(mallory.write({}).leaf)?.replace(mallory.unit, "00".repeat(32)) ?? "";
    const written = mallory.writeRaw(utf8(foreign), new Uint8Array(0));
    await publish();
    expect(reasons(written)).toEqual(always("other-unit"));
  });
});

describe("an observation", () => {
  it("of heads that do not exist gives nothing effect and freezes nothing", async () => {
    const heads = [alfa, bravo, charlie].map(({ origin }) => ({
      log: origin,
      size: 2 ** 50,
      root: toBase64(sha256(utf8(origin))),
    }));
    mallory.observe([...heads, { log: "elsewhere.test/log", size: 7, root: toBase64(sha256(utf8("x"))) }]);
    const question = await alfa.ask("is this seen?");
    await publish();
    await unit.untilEffective(question.leafHash);
    for (const station of unit.stations()) expect(station.unit.evidence.frozen()).toEqual([]);
  });

  it("of another tree than the log's own freezes nothing without the log's signature", async () => {
    mallory.observe([{ log: bravo.origin, size: 1, root: toBase64(sha256(utf8("another tree"))) }]);
    const path = `/mirror/${originHash(bravo.origin)}/checkpoint`;
    mallory.tricks.push((request) => {
      if (new URL(request.url).pathname !== path) return undefined;
      const text = formatCheckpoint({
        origin: bravo.origin,
        size: 1,
        root: sha256(utf8("another tree")),
        extensions: [],
      });
      return new Response(
        Uint8Array.from(formatNote({ text, signatures: [ed25519Signer(bravo.origin, mallory.keys.log).sign(text)] })),
      );
    });
    await publish();
    await unit.pass(1500);
    for (const station of unit.stations()) expect(station.unit.evidence.frozen()).toEqual([]);
  });
});

describe("an accusation", () => {
  const accuse = (content: Json): Written => mallory.write({ type: "observe", kind: "equivocation", content });
  const text = (bytes: Uint8Array): string => utf8Decode(bytes) ?? "";
  /** Two heads of alfa's that are both true. */
  const heads = (): [string, string] => [
    text(alfa.station.own.reader.head?.note ?? new Uint8Array(0)),
    text(unwrapHead(bravo)),
  ];
  const unwrapHead = (station: TestStation): Uint8Array => {
    const { text: checkpoint, signatures } = unwrap(
      parseNote(station.unit.archive.log(alfa.origin)?.head?.note ?? new Uint8Array(0)),
    );
    return formatNote({ text: checkpoint, signatures: signatures.filter(({ name }) => name === alfa.origin) });
  };

  it("that proves nothing is void, and freezes nobody", async () => {
    const [newer] = heads();
    const same = accuse({ log: alfa.origin, first: newer, second: newer });
    const nonsense = accuse({ log: alfa.origin, first: "nonsense", second: newer });
    await alfa.ask("one more");
    await unit.untilAgreed();
    const [newest] = heads();
    const grown = accuse({ log: alfa.origin, first: newer, second: newest });
    const spoiled = accuse({
      log: alfa.origin,
      first: newer,
      second: newest,
      proof: [toBase64(sha256(utf8("no root"))), toBase64(sha256(utf8("no proof")))],
    });
    await publish();
    for (const written of [same, nonsense, grown, spoiled]) expect(reasons(written)).toEqual(always("not-proven"));
    for (const station of unit.stations()) expect(station.unit.evidence.frozen()).toEqual([]);
  });

  it("with notes that another key signed freezes nobody", async () => {
    const signed = (root: string): string =>
      text(
        signNote(formatCheckpoint({ origin: alfa.origin, size: 9, root: sha256(utf8(root)), extensions: [] }), [
          ed25519Signer(alfa.origin, mallory.keys.log),
        ]),
      );
    const forged = accuse({ log: alfa.origin, first: signed("one"), second: signed("other") });
    await publish();
    expect(reasons(forged)).not.toContain("effective");
    for (const station of unit.stations()) expect(station.unit.evidence.frozen()).toEqual([]);
    const { leafHash } = await alfa.ask("still heard?");
    await unit.untilEffective(leafHash);
  });
});
