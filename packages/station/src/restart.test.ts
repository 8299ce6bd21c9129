import { rmSync } from "node:fs";
import { unwrap } from "@detente/basics";
import { BlobStore } from "@detente/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StatusReport } from "./api/status-contract.ts";
import type { FindReport } from "./api/find-contract.ts";
import { TAXII_MEDIA_TYPE } from "./exchange/media-type.ts";
import { indicator, ROOT } from "./testing/exchange.ts";
import { Stations, type TestStation, until } from "./testing/stations.ts";

const COUNT = 2000;

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let secret: string;

beforeEach(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  ({ secret } = unwrap(await bob.station.callers.grant({ label: "tool", scopes: ["taxii:read"] })));
  const items = Array.from({ length: COUNT }, (_, i) => ({ kind: "domain", value: `bad${i}.example` }));
  await ann.post("/api/shares", { title: "list", tlp: "green", audience: "unit", items });
  const objects = Array.from({ length: 100 }, (_, i) => JSON.stringify(indicator(i)));
  await ann.post("/api/objects", { title: "objects", audience: "unit", objects });
  await until("bob has all of it in his collections", () => isShown(99));
  await until("bob finds all of it", async () => (await status()).arriving?.indexing.shares === 0);
});

afterEach(() => stations.close());

/** Whether a tool of bob's is given an object. */
async function isShown(number: number): Promise<boolean> {
  const headers = { authorization: `Bearer ${secret}`, accept: TAXII_MEDIA_TYPE };
  const response = await bob.fetch(`${ROOT}collections/shared/objects/${indicator(number).id}/`, { headers });
  return response.ok;
}

async function status(): Promise<StatusReport> {
  return (await bob.api<StatusReport>("GET", "/api/status")).body;
}

async function readiness(): Promise<unknown> {
  return (await bob.fetch("/readyz")).json();
}

test("a restart reads the items of no share: what is whole in the index and the collections stays", async () => {
  const before = await bob.api<FindReport>("GET", "/api/find?q=bad7.example");
  const reads = vi.spyOn(BlobStore.prototype, "get");
  try {
    await bob.restart();
    await bob.ready();
    expect((await status()).arriving).toEqual({
      fetching: { blobs: 0, bytes: 0, of: 0 },
      indexing: { shares: 0, items: 0, of: 0 },
      isSearchable: true,
    });
    expect(await bob.api("GET", "/api/find?q=bad7.example")).toEqual(before);
    // What follows needs the collections and the index to have been looked at.
    const objects = [JSON.stringify(indicator(100))];
    await ann.post("/api/objects", { title: "more", audience: "unit", objects });
    await until("what is new is there", () => isShown(100));
    await until("it is found, too", async () => (await status()).unit?.shares === 3);
    await until("it is indexed", async () => (await status()).arriving?.indexing.shares === 0);
    const digests = reads.mock.calls.map(([digest]) => Buffer.from(digest).toString("hex"));
    expect(new Set(digests).size).toBe(1);
  } finally {
    reads.mockRestore();
  }
});

test("a station whose index is gone serves all but searches at once, and says how far it is", async () => {
  const before = await bob.api<FindReport>("GET", "/api/find?q=bad7.example");
  expect(before.body.groups[0]?.rows).toHaveLength(1);
  await bob.stop();
  rmSync(`${bob.dir}/index.sqlite`);
  await bob.start();
  // All at once: it is not long behind.
  const search = bob.api<{ code: string }>("GET", "/api/find?q=bad7.example");
  const [{ arriving }, ready, early] = await Promise.all([status(), readiness(), search]);
  expect(arriving).toMatchObject({ indexing: { of: COUNT + 100 }, isSearchable: false });
  expect(ready).toMatchObject({ index: "catching-up" });
  expect([early.status, early.body.code]).toEqual([503, "not-ready"]);
  expect(await isShown(99)).toBe(true);
  await until("the index has caught up", async () => (await status()).arriving?.isSearchable === true);
  expect(await readiness()).toMatchObject({ index: "complete" });
  expect(await bob.api("GET", "/api/find?q=bad7.example")).toEqual(before);
});
