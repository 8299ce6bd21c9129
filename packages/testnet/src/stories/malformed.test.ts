import { gzipSync } from "node:zlib";
import { concatBytes, sha256, toHex, utf8 } from "@detente/basics";
import { formatLeaf } from "@detente/record";
import { formatUpload, originHash } from "@detente/tlog";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, type RawAnswer, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 81 });
  alfa = unit.station("alfa");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

const NOTHING = new Uint8Array(0);
const DEEP = "[".repeat(100_000) + "]".repeat(100_000);
const GZIP = { "content-encoding": "gzip" };

function post(path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return mallory.send(alfa, "POST", path, { body, headers });
}

/** A u16 in front of the bytes, as in an upload's header. */
function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

describe("a malformed request", () => {
  it.each<[string, string, () => Uint8Array, number]>([
    ["no digest", "/bodies", () => NOTHING, 400],
    ["half a digest", "/bodies", () => new Uint8Array(31), 400],
    ["a digest too many", "/bodies", () => new Uint8Array(32 * 257), 413],
    ["deep JSON for digests", "/bodies", () => utf8(DEEP), 413],
    ["an empty checkpoint", "/witness/add-checkpoint", () => NOTHING, 400],
    ["no note", "/witness/add-checkpoint", () => utf8("old 0\n\n"), 400],
    ["a negative size", "/witness/add-checkpoint", () => utf8(`old -1\n\n${note()}`), 400],
    ["a size beyond all integers", "/witness/add-checkpoint", () => utf8(`old ${"9".repeat(400)}\n\n${note()}`), 400],
    [
      "a proof too long",
      "/witness/add-checkpoint",
      () => utf8(`old 0\n${`${btoa("x".repeat(32))}\n`.repeat(64)}\n${note()}`),
      400,
    ],
    ["a proof that is none", "/witness/add-checkpoint", () => utf8(`old 0\nAAAA\n\n${note()}`), 400],
    [
      "a note without a signature",
      "/witness/add-checkpoint",
      () => utf8(`old 0\n\n${note().split("\n\n")[0]}\n\n`),
      400,
    ],
    [
      "a thousand signatures",
      "/witness/add-checkpoint",
      () => utf8(`old 0\n\n${note()}${`${note().split("\n\n")[1]}`.repeat(1000)}`),
      400,
    ],
    ["a note of megabytes", "/witness/add-checkpoint", () => utf8(`old 0\n\n${"x\n".repeat(1 << 20)}`), 413],
    ["bytes that are no text", "/witness/add-checkpoint", () => new Uint8Array(1000).fill(0xff), 400],
    ["an empty upload", "/mirror/add-entries", () => NOTHING, 400],
    ["a header cut short", "/mirror/add-entries", () => prefixed(utf8(mallory.origin)), 400],
    [
      "a size of 2^64 - 1",
      "/mirror/add-entries",
      () =>
        concatBytes(prefixed(utf8(mallory.origin)), new Uint8Array(8), new Uint8Array(8).fill(255), prefixed(NOTHING)),
      400,
    ],
    [
      "an upload that ends before it starts",
      "/mirror/add-entries",
      () =>
        concatBytes(prefixed(utf8(mallory.origin)), new Uint8Array(8).fill(1), new Uint8Array(8), prefixed(NOTHING)),
      400,
    ],
    [
      "an upload to a log that nobody knows",
      "/mirror/add-entries",
      () => upload("elsewhere.test/log", 0, 1, [utf8("x")]),
      404,
    ],
    [
      "an upload beyond the pending head",
      "/mirror/add-entries",
      () => upload(mallory.origin, 2, 2 ** 52, [utf8("x")]),
      409,
    ],
    [
      "an upload to another's log",
      "/mirror/add-entries",
      () => upload(unit.station("bravo").origin, 0, 1, [utf8("x")]),
      409,
    ],
  ])("with %s is refused in words", async (_, path, body, status) => {
    const answer = await post(path, body());
    expect(answer.status).toBe(status);
    expect(answer.body.length).toBeLessThan(1000);
  });

  it.each<[string, Record<string, string>, () => Uint8Array, number]>([
    ["a gzip bomb", GZIP, () => gzipSync(new Uint8Array(100 << 20)), 400],
    ["gzip that is none", GZIP, () => utf8("gzip?"), 400],
    ["gzip cut short", GZIP, () => gzipSync(upload(mallory.origin, 0, 1, [])).subarray(0, 12), 400],
    ["an unknown encoding", { "content-encoding": "br" }, () => utf8("br?"), 415],
    ["two encodings", { "content-encoding": "gzip, gzip" }, () => gzipSync(gzipSync(utf8("x"))), 415],
    ["more than a request may hold", {}, () => new Uint8Array((1 << 26) + 1), 413],
  ])("to the mirror with %s is refused", async (_, headers, body, status) => {
    expect((await post("/mirror/add-entries", body(), headers)).status).toBe(status);
  });

  it.each([
    "/log/tile/64/000",
    "/log/tile/0/x000/000",
    "/log/tile/0/999.p/256",
    "/log/tile/entries/9999",
    "/log/tile/-1/000",
    "/log/",
    "/mirror/00/checkpoint",
    `/mirror/${"00".repeat(32)}/checkpoint`,
    "/blobs/..%2f..%2fkeys%2fcurrent.json",
    "/blobs/zz",
    `/blobs/${"ab".repeat(32)}.tmp`,
    "/bodies/abc",
    "/witness/%00",
    "/station.json",
    "/keys/current.json",
  ])("for %s finds nothing", async (path) => {
    expect((await mallory.send(alfa, "GET", path)).status).toBe(404);
  });

  it("of the party's own people is refused in words too", async () => {
    const send = async (body: string | Uint8Array<ArrayBuffer>, path = "/api/statements"): Promise<number> =>
      (await alfa.fetch(path, { method: "POST", headers: { authorization: `Bearer ${alfa.station.token}` }, body }))
        .status;
    const question = { type: "open", kind: "question", of: [], audience: "unit" };
    expect(await send(DEEP)).toBe(400);
    for (const deep of ["[".repeat(5000) + "]".repeat(5000), DEEP]) {
      expect(await send(JSON.stringify({ ...question, content: 0 }).replace('"content":0', `"content":${deep}`))).toBe(
        400,
      );
    }
    expect(await send(Uint8Array.of(0xff, 0xfe))).toBe(400);
    expect(await send("{")).toBe(400);
    expect(await send("null")).toBe(400);
    expect(await send(JSON.stringify({ ...question, content: { title: "x".repeat(1 << 20), text: "" } }))).toBe(413);
    expect(await send(JSON.stringify({ ...question, content: { title: "a", text: "b", more: 1 } }))).toBe(400);
    expect(await send(JSON.stringify({ ...question, kind: "__proto__", content: {} }))).toBe(400);
    expect(await send(JSON.stringify({ document: { v: 1 } }), "/api/charter/propose")).toBe(400);
    expect((await alfa.api("GET", "/api/log?limit=-1")).status).toBe(400);
    expect((await alfa.api("GET", "/api/log?party=__proto__")).status).toBe(404);
  });

  it("of any bytes to any endpoint never makes a station fail", async () => {
    const paths = [
      "/bodies",
      "/witness/add-checkpoint",
      "/witness/sign-subtree",
      "/mirror/add-checkpoint",
      "/mirror/add-entries",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        async (path, bytes, packed) => {
          const answer = packed ? await post(path, gzipSync(bytes), GZIP) : await post(path, bytes);
          return answer.status >= 400 && answer.status < 500;
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("a malformed entry in a log", () => {
  const LEAF = { v: 1, type: "open", of: [], body: "00".repeat(32), size: 100 } as const;
  const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
  const withBody = (body: Uint8Array, size = body.length): Uint8Array => {
    mallory.bodies.set(toHex(sha256(body)), body);
    return formatLeaf({ ...LEAF, unit: mallory.unit, at: unit.clock.now(), body: toHex(sha256(body)), size });
  };
  const bodyOf = (content: string): string =>
    `{"audience":"unit","content":${content},"kind":"question","of":[],"salt":"${"00".repeat(32)}","type":"open","v":1}`;

  it("is void or waits; what comes after it counts, and all stations agree", async () => {
    const entries = [
      NOTHING,
      utf8("garbage"),
      new Uint8Array(65_535).fill(0xff),
      utf8("[".repeat(30_000) + "]".repeat(30_000)),
      utf8("{".repeat(60_000)),
      json({ ...LEAF, unit: mallory.unit, at: 1e300 }),
      json({ ...LEAF, unit: mallory.unit, at: -1 }),
      json({ ...LEAF, unit: mallory.unit, at: 1, size: 2 ** 60 }),
      json({
        ...LEAF,
        unit: mallory.unit,
        at: 1,
        of: Array.from({ length: 65 }, (_, i) => i.toString(16).padStart(64, "0")),
      }),
      json({ ...LEAF, unit: mallory.unit, at: 1, type: "decree" }),
      json({ v: 1, unit: mallory.unit, type: "observe", at: 1, heads: [] }),
      json({
        at: 1,
        heads: Array.from({ length: 257 }, (_, i) => ({ log: `l${i}`, root: btoa("x".repeat(32)), size: 1 })),
        type: "observe",
        unit: mallory.unit,
        v: 1,
      }),
      utf8(`{"v":1,"v":2}`),
      withBody(utf8(bodyOf("{}"))),
      withBody(utf8(bodyOf('{"__proto__":{"title":"x"},"text":"x","title":"x"}'))),
      withBody(utf8(bodyOf('{"text":"x","title":"x"}')), 7),
    ];
    mallory.log.append(...entries);
    const sound = mallory.write({ content: { title: "sound", text: "after all that" } });
    for (const station of unit.stations()) await mallory.publish(station);
    await unit.untilEffective(sound.hash);
    await unit.untilAgreed();
    for (const station of unit.stations()) {
      expect(station.fold.counts()).toMatchObject({ pending: 0 });
      const { status, body } = await station.api("GET", "/api/log?party=mallory&limit=1000");
      expect(status).toBe(200);
      const { rows } = body as unknown as { rows: { status: string; reason: string }[] };
      expect(rows.slice(2, -1).map((row) => row.status)).not.toContain("effective");
      expect((await station.fetchText("/api/export")).split("\n").length).toBeGreaterThan(10);
    }
    const { leafHash } = await alfa.ask("does work go on?");
    await unit.untilEffective(leafHash);
  });

  it.each<[string, () => Uint8Array]>([
    ["is no JSON", () => utf8("not JSON")],
    ["is deep", () => utf8("[".repeat(200_000))],
    ["is deep in its content", () => utf8(bodyOf(DEEP))],
    ["holds a number that is none", () => utf8(bodyOf('{"text":"x","title":1e400}'))],
    ["is not canonical", () => utf8(bodyOf('{"text":"x","title":"x"} '))],
    ["is no text", () => new Uint8Array(1000).fill(0xff)],
  ])("whose body %s counts as withheld: it ends its author's log, and nobody else's", async (_, body) => {
    const own = mallory.log.fork();
    own.append(withBody(body()));
    const after = mallory.write({}, own);
    for (const station of unit.stations()) await mallory.publish(station, own);
    const { leafHash } = await alfa.ask("does work go on?");
    await unit.untilEffective(leafHash);
    await unit.until("all have read it", () =>
      unit.stations().every((station) => station.seen(after.hash) !== undefined),
    );
    await unit.pass(500);
    for (const station of unit.stations()) expect(station.seen(after.hash)).toBe("pending");
    mallory.log.append(...own.entries.slice(mallory.log.size));
  });

  it("is there again after a restart, and stops nothing", async () => {
    const digest = alfa.fold.viewDigest().digest;
    await alfa.restart();
    await unit.untilReady(alfa);
    expect(alfa.fold.viewDigest().digest).toBe(digest);
  });
});

function note(): string {
  return new TextDecoder().decode(mallory.log.head().note);
}

function upload(origin: string, start: number, end: number, entries: readonly Uint8Array[]): Uint8Array {
  expect(originHash(origin)).toHaveLength(64);
  return formatUpload({ origin, start, end, ticket: NOTHING }, [{ entries, proof: [] }]);
}
