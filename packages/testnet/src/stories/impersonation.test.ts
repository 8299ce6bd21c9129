import { type Json, sha256, toBase64, unwrap, utf8, utf8Decode } from "@detente/basics";
import { formatCheckpoint, formatNote, originHash, parseNote, signNote, ed25519Signer } from "@detente/tlog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit, type Written } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 71 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

function reasons({ hash }: Written): unknown[] {
  return unit.stations().map(({ fold }) => {
    const status = fold.find(hash).find(({ log }) => log === mallory.origin)?.status;
    return status?.state === "void" ? status.reason : status?.state;
  });
}

const always = (what: string): string[] => [what, what, what];

describe("a statement in another's name", () => {
  it("copied into one's own log stays the other's, and only the other can take it back", async () => {
    const share = await alfa.share({ title: "alfa's own", items: [{ kind: "domain", value: "copied.example" }] });
    await unit.untilEffective(share.leafHash);
    const { index } = share;
    const leaf = await alfa.station.own.reader.entry(index);
    mallory.log.append(leaf);
    mallory.write({ type: "position", kind: "withdraw", of: [share.leafHash], content: {} });
    await unit.spread(mallory);
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
    await unit.spread(mallory);
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
    await unit.spread(mallory);
    expect(reasons(said)).toEqual(always("about-oneself"));
  });

  it("of another unit has no effect here", async () => {
    const foreign = utf8Decode(mallory.write({}).leaf)?.replace(mallory.unit, "00".repeat(32)) ?? "";
    const written = mallory.writeRaw(utf8(foreign), new Uint8Array(0));
    await unit.spread(mallory);
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
    await unit.spread(mallory);
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
    await unit.spread(mallory);
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
    await unit.spread(mallory);
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
    await unit.spread(mallory);
    expect(reasons(forged)).not.toContain("effective");
    for (const station of unit.stations()) expect(station.unit.evidence.frozen()).toEqual([]);
    const { leafHash } = await alfa.ask("still heard?");
    await unit.untilEffective(leafHash);
  });
});
