import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, sha256, unwrap, utf8 } from "@detente/basics";
import { DatabaseSync } from "@photostructure/sqlite";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { IndexedItem, IndexedStatement, ItemQuery } from "../index-ports.ts";
import { openIndex, type IndexStore } from "./index-store.ts";

const share = sha256(utf8("share"));
const other = sha256(utf8("another share"));

function items(values: readonly string[], of: Bytes = share): IndexedItem[] {
  return values.map((value, item) => ({ share: of, item, kind: value.includes("/") ? "url" : "domain", value }));
}

async function filled(values: readonly string[]): Promise<IndexStore> {
  const index = unwrap(openIndex(":memory:"));
  await index.writer.add({ items: items(values) });
  return index;
}

async function find(index: IndexStore, query: Omit<ItemQuery, "limit">): Promise<string[]> {
  return (await index.reader.searchItems({ ...query, limit: 100 })).rows.map(({ value }) => value);
}

test("items are found by the whole value, its beginning, its end, or what is inside", async () => {
  const values = ["evil.example", "evil.example.org", "https://evil.example/a", "x.evil.example", "\u{1f600}.example"];
  const index = await filled(values);
  expect(await find(index, { text: "evil.example", match: "exact" })).toEqual(["evil.example"]);
  expect(await find(index, { text: "evil.", match: "prefix" })).toEqual(["evil.example", "evil.example.org"]);
  expect(await find(index, { text: ".example", match: "suffix" })).toEqual([
    "evil.example",
    "x.evil.example",
    "\u{1f600}.example",
  ]);
  expect(await find(index, { text: "VIL.EX", match: "substring" })).toEqual(values.slice(0, 4));
  expect(await find(index, { text: "/a", match: "substring" })).toEqual(["https://evil.example/a"]);
  expect(await find(index, { text: "evil", match: "substring", kind: "url" })).toEqual(["https://evil.example/a"]);
});

test("any text is looked for as it is: no character has a meaning of its own", async () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from("ab\"'%_*\\-^:() é\u{1f600}")), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(text, { maxLength: 12 }), text, async (values, wanted) => {
      const index = await filled(values);
      const expected = (matches: (value: string) => boolean): string[] => values.filter(matches);
      expect(await find(index, { text: wanted, match: "exact" })).toEqual(expected((value) => value === wanted));
      expect(await find(index, { text: wanted, match: "prefix" })).toEqual(
        expected((value) => value.startsWith(wanted)),
      );
      expect(await find(index, { text: wanted, match: "suffix" })).toEqual(expected((value) => value.endsWith(wanted)));
      expect(await find(index, { text: wanted, match: "substring" })).toEqual(
        expected((value) => value.includes(wanted)),
      );
      index.close();
    }),
    { numRuns: 60 },
  );
  const index = await filled(["abc"]);
  for (const match of ["exact", "prefix", "suffix", "substring"] as const) {
    for (const odd of ["abc\0", "\0\0\0\0", "\ud800abc", "AND", "abc OR"])
      expect(await find(index, { text: odd, match })).toEqual([]);
  }
});

test("pages follow one another without gap or repetition, also while rows are added", async () => {
  const values = Array.from({ length: 25 }, (_, i) => `host${i}.example`);
  const index = await filled(values);
  const found: string[] = [];
  let after = 0;
  for (let pages = 1; ; pages++) {
    const page = await index.reader.searchItems({ text: "host", match: "prefix", limit: 10, after });
    found.push(...page.rows.map(({ value }) => value));
    if (pages === 1) await index.writer.add({ items: items(["host-late.example"], other) });
    if (page.next === undefined) break;
    after = page.next;
  }
  expect(found).toEqual([...values, "host-late.example"]);
  expect((await index.reader.standingItems(share, { limit: 25 })).next).toBeUndefined();
  expect((await index.reader.standingItems(share, { limit: 24 })).next).toBeDefined();
  await expect(index.reader.standingItems(share, { limit: 1001 })).rejects.toThrow("a page of 1001 rows");
});

test("an item may have several values, all of which are replaced together", async () => {
  const index = await filled([]);
  const [one, two] = items(["one.example", "two.example"]) as [IndexedItem, IndexedItem];
  const third = { ...one, value: "three.example" };
  for (let i = 0; i < 2; i++) await index.writer.add({ items: [one, third, two] });
  expect((await index.reader.standingItems(share, { limit: 10 })).rows).toEqual([one, third, two]);
  await index.writer.add({ items: [{ ...one, value: "four.example" }] });
  const left = (await index.reader.standingItems(share, { limit: 10 })).rows.map(({ value }) => value);
  expect(left.toSorted()).toEqual(["four.example", "two.example"]);
});

test("items tell when they expire, if they do", async () => {
  const index = unwrap(openIndex(":memory:"));
  const [one, two] = items(["one.example", "two.example"]) as [IndexedItem, IndexedItem];
  await index.writer.add({ items: [{ ...one, until: 5 }, two] });
  expect((await index.reader.standingItems(share, { limit: 10 })).rows).toEqual([{ ...one, until: 5 }, two]);
});

test("items removed or replaced are not found any more, whichever way", async () => {
  const index = await filled(["old.example", "kept.example"]);
  await index.writer.add({ items: items(["new.example"]) });
  await index.writer.add({ items: items(["other.example"], other) });
  for (const match of ["prefix", "substring"] as const) {
    expect(await find(index, { text: "old", match })).toEqual([]);
    expect(await find(index, { text: "new", match })).toEqual(["new.example"]);
  }
  await index.writer.removeItems(share);
  for (const text of ["new", "kept"]) expect(await find(index, { text, match: "substring" })).toEqual([]);
  expect(await find(index, { text: "example", match: "substring" })).toEqual(["other.example"]);
});

function statement(log: string, index: number, more: Partial<IndexedStatement> = {}): IndexedStatement {
  return { log, index, leafHash: sha256(utf8(`${index}`)), author: log, type: "open", at: 1000 + index, ...more };
}

test("statements are listed, filtered and completed later", async () => {
  const index = unwrap(openIndex(":memory:"));
  const sealed = statement("a", 1, { type: "sealed", body: share });
  await index.writer.add({
    statements: [statement("a", 0, { kind: "share", body: share }), sealed, statement("b", 0)],
  });
  expect([await index.reader.indexedSize("a"), await index.reader.indexedSize("c")]).toEqual([2, 0]);
  expect(await index.reader.statement("a", 1)).toEqual(sealed);
  const opened = { ...sealed, type: "open", kind: "share" };
  await index.writer.add({ statements: [opened] });
  expect(await index.reader.statement("a", 1)).toEqual(opened);
  expect(await index.reader.indexedSize("a")).toBe(2);
  const list = async (query: object): Promise<string[]> =>
    (await index.reader.statements({ limit: 10, ...query })).rows.map((row) => `${row.log}${row.index}`);
  expect(await list({})).toEqual(["a0", "a1", "b0"]);
  expect(await list({ type: "open", kind: "share" })).toEqual(["a0", "a1"]);
  expect(await list({ author: "b" })).toEqual(["b0"]);
  expect(await list({ log: "a", limit: 1 })).toEqual(["a0"]);
  expect((await index.reader.statementsByLeaf(sha256(utf8("0")))).map(({ log }) => log)).toEqual(["a", "b"]);
});

test("sightings are found by item, and counted once however often they are added", async () => {
  const index = unwrap(openIndex(":memory:"));
  const sighting = { log: "b", index: 4, author: "b", share, item: 2, count: 7, first: 10, last: 20 };
  const second = { ...sighting, index: 3, item: 5 };
  await index.writer.add({ sightings: [sighting, second] });
  await index.writer.add({ sightings: [sighting] });
  expect(await index.reader.sightings(share)).toEqual([second, sighting]);
  expect(await index.reader.sightings(share, 2)).toEqual([sighting]);
  expect(await index.reader.sightings(other)).toEqual([]);
  const counts = [
    index.search.sightingCount(share),
    index.search.sightingCount(share, 2),
    index.search.sightingCount(other),
  ];
  expect(await Promise.all(counts)).toEqual([2, 1, 0]);
});

test("a batch that fails leaves nothing behind", async () => {
  const index = unwrap(openIndex(":memory:"));
  const broken = { ...items(["x"])[0], kind: null } as unknown as IndexedItem;
  await expect(index.writer.add({ statements: [statement("a", 0)], items: [broken] })).rejects.toThrow("NOT NULL");
  expect(await index.reader.indexedSize("a")).toBe(0);
  await index.writer.add({ statements: [statement("a", 0)] });
});

test("an index of another version is dropped and says that it is to be filled", async () => {
  const home = mkdtempSync(join(tmpdir(), "store-"));
  const path = join(home, "index.sqlite");
  const first = unwrap(openIndex(path));
  expect(first.fresh).toBe(true);
  await first.writer.add({ statements: [statement("a", 0)] });
  first.close();
  const second = unwrap(openIndex(path));
  expect([second.fresh, await second.reader.indexedSize("a")]).toEqual([false, 1]);
  second.close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  const third = unwrap(openIndex(path));
  expect([third.fresh, await third.reader.indexedSize("a")]).toEqual([true, 0]);
  third.close();
  rmSync(home, { recursive: true });
});
