import { existsSync, rmSync, writeFileSync } from "node:fs";
import { unwrap } from "@detente/basics";
import { type IndexedItem, type IndexedSighting, type IndexedStatement, openIndex } from "@detente/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Appended } from "./api/contract.ts";
import { rebuildIndex } from "./rebuild.ts";
import { Stations, type TestStation, until, untilAgreed } from "./testing/stations.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;

beforeEach(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
});

afterEach(() => stations.close());

const items = [
  { kind: "domain", value: "bad.example" },
  { kind: "ipv4", value: "192.0.2.7" },
];

/** A share, a sealed one, a sighting of the first, a question: something of everything that the index holds. */
async function talk(): Promise<void> {
  const share = await ann.post<Appended>("/api/shares", { title: "open", tlp: "green", audience: "unit", items });
  const secret = [{ kind: "domain", value: "worse.example" }];
  await bob.post("/api/shares", { title: "sealed", tlp: "red", audience: ["ann"], items: secret });
  const content = { item: { index: 1 }, count: 2, first: 1, last: 2, coverage: { from: 0, to: 3, source: "proxy" } };
  const hasShare = async (): Promise<boolean> =>
    (await bob.station.index.reader.statementsByLeaf(Buffer.from(share.leafHash, "hex"))).length > 0;
  await until("bob has the share", hasShare);
  const sighting = { type: "observe", kind: "sighting", of: [share.leafHash], audience: "unit", content };
  const seen = await bob.post<Appended>("/api/statements", sighting);
  const asked = await ann.ask("What now?");
  const everywhere = (hash: string): boolean => [ann, bob].every((one) => one.fate(hash) === "effective");
  await until("all is in effect", () => everywhere(seen.leafHash) && everywhere(asked));
  await until("ann has the sealed items", async () => (await search(ann, "worse.example")).length === 1);
  await untilAgreed(ann, bob);
}

async function search(station: TestStation, text: string): Promise<readonly IndexedItem[]> {
  return (await station.station.index.reader.searchItems({ text, match: "exact", limit: 10 })).rows;
}

interface Content {
  readonly statements: readonly IndexedStatement[];
  readonly items: readonly IndexedItem[];
  readonly sightings: readonly IndexedSighting[];
}

/** Everything in an index, in an order that does not depend on when it came. */
async function contentOf(dir: string): Promise<Content> {
  const index = unwrap(openIndex(`${dir}/index.sqlite`));
  const { reader } = index;
  const { rows } = await reader.statements({ limit: 1000 });
  const statements = rows.toSorted((a, b) => (a.log === b.log ? a.index - b.index : a.log < b.log ? -1 : 1));
  const shares = statements.filter(({ kind }) => kind === "share");
  const held = await Promise.all(shares.map(({ leafHash }) => reader.standingItems(leafHash, { limit: 1000 })));
  const sightings = await Promise.all(shares.map(({ leafHash }) => reader.sightings(leafHash)));
  index.close();
  return { statements, items: held.flatMap((page) => page.rows), sightings: sightings.flat() };
}

async function addFalsehood(path: string): Promise<void> {
  const index = unwrap(openIndex(path));
  const leafHash = new Uint8Array(32);
  await index.writer.add({
    statements: [{ log: "nobody", index: 0, leafHash, author: "nobody", type: "open", at: 0 }],
  });
  index.close();
}

test.each<[string, (path: string) => Promise<void> | void]>([
  ["says what the record does not", addFalsehood],
  ["is gone", (path: string): void => rmSync(path)],
  ["is damaged", (path: string): void => writeFileSync(path, "no database")],
  ["is whole", (): void => undefined],
])("an index that %s is made anew from the record, and so is the digest of the view", async (_, harm) => {
  await talk();
  const { digest } = ann;
  await ann.stop();
  const before = await contentOf(ann.dir);
  expect([before.items.length, before.sightings.length]).toEqual([3, 1]);
  await harm(`${ann.dir}/index.sqlite`);
  const progress: [number, number][] = [];
  const rebuilt = await rebuildIndex(ann.dir, (done, total) => progress.push([done, total]));
  expect(rebuilt).toEqual({ ok: true, value: { digest, statements: before.statements.length } });
  expect(progress.at(-1)).toEqual([before.statements.length, before.statements.length]);
  expect(await contentOf(ann.dir)).toEqual(before);
  await ann.start();
  await ann.ready();
  expect(ann.digest).toBe(digest);
});

test("nothing is touched while a station runs in the directory", async () => {
  expect(await rebuildIndex(ann.dir)).toMatchObject({ ok: false, fault: { code: "in-use" } });
  expect(existsSync(`${ann.dir}/index.sqlite`)).toBe(true);
  await ann.ask("Still there?");
});

test("without a unit there is nothing to read, and the directory is free again", async () => {
  const cem = await stations.init("cem");
  expect(await rebuildIndex(cem.dir)).toMatchObject({ ok: false, fault: { code: "no-unit" } });
  await cem.start();
});

test("a record that is damaged is not indexed, and of an index nothing is left that it might not say", async () => {
  await ann.stop();
  rmSync(`${ann.dir}/bodies`, { recursive: true });
  writeFileSync(`${ann.dir}/bodies`, "not a directory");
  expect(await rebuildIndex(ann.dir)).toMatchObject({ ok: false, fault: { code: "storage-failed" } });
  expect(existsSync(`${ann.dir}/index.sqlite`)).toBe(false);
});
