import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { type Json, sha256, unwrap, utf8 } from "@detente/basics";
import { AnswerStore, BlobStore, type IndexBatch, openIndex, openObjects } from "@detente/store";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collectionsOf, envelope, indicator, ROOT, uuid } from "../testing/exchange.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small-disk.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import { TAXII_MEDIA_TYPE } from "./media-type.ts";
import { checkObject } from "./object-check.ts";
import { taxiiApp } from "./server/app.ts";

const why = whyNoSmallDisk();
const many = (from: number, count: number): string =>
  envelope(Array.from({ length: count }, (_, i) => ({ ...indicator(from + i), description: "x".repeat(1000) })));

describe.skipIf(why !== undefined)(`stores on a full disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let root: Stations;
  let disk: SmallDisk;

  beforeEach(async () => {
    root = await Stations.create();
    disk = new SmallDisk(`${root.root}/disk`, 16);
  });
  afterEach(async () => {
    disk.close();
    await root.close();
  });

  it("objects: what was acknowledged stays and is read, the others are refused until there is room", async () => {
    const store = unwrap(openObjects(`${disk.directory}/objects.sqlite`, { now: () => Date.now() }));
    const app = taxiiApp({
      access: collectionsOf,
      store,
      check: checkObject,
      title: "Alpha",
      now: () => Date.now(),
      newId: () => uuid(9000),
      onError: (error) => {
        throw error;
      },
    });
    const path = `${ROOT}collections/${uuid(1)}/objects/`;
    const headers = { authorization: "Bearer ann", accept: TAXII_MEDIA_TYPE, "content-type": TAXII_MEDIA_TYPE };
    const post = (body: string): Promise<Response> =>
      Promise.resolve(app.request(path, { method: "POST", headers, body }));
    const ids = async (): Promise<string[]> => {
      const { objects = [] } = (await (await app.request(path, { headers })).json()) as { objects?: { id: string }[] };
      return objects.map(({ id }) => id);
    };
    expect((await post(many(0, 10))).status).toBe(202);
    const before = await ids();
    disk.fill();
    const refused = await post(many(100, 200));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await refused.json()).toMatchObject({ http_status: "503", description: expect.stringContaining("disk") });
    expect(await ids()).toEqual(before);
    disk.free();
    expect((await post(many(100, 200))).status).toBe(202);
    expect(await ids()).toHaveLength(210);
    store.close();
  });

  it("what was asked: what its log has reserved takes small things, and it goes on where nothing can be reserved", async () => {
    const path = `${disk.directory}/answers.sqlite`;
    const first = unwrap(AnswerStore.open(path));
    first.reserve();
    disk.fill();
    await first.ledgers.set("a", 1);
    disk.free();
    first.close();
    const room = `${disk.directory}/room`;
    writeFileSync(room, new Uint8Array(256 * 1024));
    disk.fill();
    rmSync(room);
    const again = unwrap(AnswerStore.open(path));
    again.reserve();
    expect(await again.ledgers.get("a")).toBe(1);
    await expect(again.ledgers.set("a", "x".repeat(1 << 20))).rejects.toThrow(/full/);
    expect(await again.ledgers.get("a")).toBe(1);
    disk.free();
    await again.ledgers.set("a", "x".repeat(1 << 20));
    again.close();
  });

  it("a blob is there whole or not at all, and can come again", async () => {
    const blobs = unwrap(await BlobStore.open({ directory: disk.directory }));
    const blob = new Uint8Array(1 << 20).fill(7);
    const other = new Uint8Array(1 << 20).fill(8);
    unwrap(await blobs.put(sha256(other), other.length, [other]));
    disk.fill();
    const refused = await blobs.put(sha256(blob), blob.length, [blob]);
    expect(refused).toMatchObject({ fault: { code: "storage-failed", message: expect.stringContaining("ENOSPC") } });
    expect([await blobs.has(sha256(blob)), await blobs.has(sha256(other))]).toEqual([false, true]);
    expect(readdirSync(`${disk.directory}/incoming`)).toEqual([]);
    disk.free();
    unwrap(await blobs.put(sha256(blob), blob.length, [blob]));
    expect(await blobs.has(sha256(blob))).toBe(true);
  });

  it("the index: what is in it is found, and it goes on when there is room", async () => {
    const index = unwrap(openIndex(`${disk.directory}/index.sqlite`));
    const batch = (from: number, count: number): IndexBatch => ({
      items: Array.from({ length: count }, (_, i) => ({
        share: sha256(utf8("share")),
        item: from + i,
        kind: "domain",
        value: `host-${from + i}.example`,
      })),
    });
    const found = async (number: number): Promise<number> => {
      const query = { text: `host-${number}.example`, match: "exact", limit: 10 } as const;
      return (await index.reader.searchItems(query)).rows.length;
    };
    await index.writer.add(batch(0, 10));
    disk.fill();
    await expect(index.writer.add(batch(1000, 2000))).rejects.toThrow(/full/);
    expect([await found(1), await found(1001)]).toEqual([1, 0]);
    disk.free();
    await index.writer.add(batch(1000, 2000));
    expect([await found(1), await found(1001)]).toEqual([1, 1]);
    index.close();
  });
});

describe.skipIf(why !== undefined)(`a station on a full disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let stations: Stations;
  let disk: SmallDisk;
  let ann: TestStation;

  beforeAll(async () => {
    stations = await Stations.create();
    disk = new SmallDisk(`${stations.root}/ann`, 64);
    [ann] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
    await ann.ready();
  });
  afterAll(async () => {
    await ann.stop();
    disk.close();
    await stations.close();
  });

  it("loses nothing that it acknowledged, says what is wrong, answers readers, and goes on once there is room", async () => {
    const scopes = ["taxii:read", "taxii:write"] as const;
    const { secret } = unwrap(await ann.station.callers.grant({ label: "tool", scopes }));
    const headers = { authorization: `Bearer ${secret}`, accept: TAXII_MEDIA_TYPE, "content-type": TAXII_MEDIA_TYPE };
    const collections = "/taxii2/unit/collections";
    const post = (body: string): Promise<Response> =>
      ann.fetch(`${collections}/release/objects/`, { method: "POST", headers, body });
    const shown = async (): Promise<number> => {
      const answer = await ann.fetch(`${collections}/shared/objects/`, { headers });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { objects?: unknown[] }).objects?.length ?? 0;
    };
    const items = Array.from({ length: 2000 }, (_, i) => ({ kind: "domain", value: `host-${i}.example` }));
    const share: Json = { title: "t", tlp: "green", audience: "unit", items };
    const text = "x".repeat(8000);
    const question = { type: "open", kind: "question", of: [], audience: "unit", content: { title: "t", text } };

    expect((await post(many(0, 20))).status).toBe(202);
    await ann.post("/api/release/share", { all: true });
    await until("it is shown", async () => (await shown()) === 20);
    expect((await post(many(100, 20))).status).toBe(202);
    disk.fill();
    for (let round = 0; round < 2; round++) {
      const refused = await post(many(200, 300));
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ http_status: "503", description: expect.stringContaining("disk") });
    }
    const refusal = [503, expect.stringMatching(/full|ENOSPC|no space/i)];
    const large = await ann.api("POST", "/api/shares", share);
    expect([large.status, JSON.stringify(large.body)]).toEqual(refusal);
    // What is small may still find room at the end of a file; then it must last.
    type Settled = { readonly shared: readonly unknown[]; readonly dropped: readonly unknown[] };
    const refused: (readonly [number, string])[] = [];
    let waiting = 1;
    let coming = 320;
    for (const path of ["/api/release/share", "/api/release/drop"]) {
      const answer = await ann.api<Settled>("POST", path, { all: true });
      if (answer.status !== 200) refused.push([answer.status, JSON.stringify(answer.body)]);
      if (answer.status !== 200) continue;
      waiting -= answer.body.shared.length + answer.body.dropped.length;
      if (answer.body.shared.length > 0) coming += 20;
    }
    coming += 20 * waiting;
    expect(refused).toEqual(refused.map(() => refusal));
    let said = await ann.api<{ index?: number }>("POST", "/api/statements", question);
    let acknowledged = ann.station.own.reader.size;
    while (said.status === 200) {
      acknowledged = Number(said.body.index) + 1;
      said = await ann.api("POST", "/api/statements", question);
    }
    expect([said.status, JSON.stringify(said.body)]).toEqual([
      503,
      expect.stringMatching(/(?:ENOSPC|disk is full).*restarted/),
    ]);
    expect(await shown()).toBeGreaterThanOrEqual(20);
    expect((await ann.api("GET", "/api/status")).status).toBe(200);
    expect(ann.station.exchange.desk.pending()).toHaveLength(waiting);

    disk.free();
    // Nothing more is signed by the process whose log could not be written: its message says to start it anew.
    await ann.restart();
    await ann.ready();
    expect(ann.station.own.reader.size).toBeGreaterThanOrEqual(acknowledged);
    expect(ann.station.exchange.desk.pending()).toHaveLength(waiting);
    expect((await post(many(200, 300))).status).toBe(202);
    await ann.post("/api/release/share", { all: true });
    await until("all is shown", async () => (await shown()) === coming);
    await ann.post("/api/shares", share);
  });
});
