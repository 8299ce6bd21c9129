import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, compareText, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { NewVersion } from "../version-ports.ts";
import { type Database, openRebuildable } from "./database.ts";
import { INDEX_SCHEMA, INDEX_VERSION } from "./index-schema.ts";
import { type IndexStore, openIndex } from "./index-store.ts";
import { ItemStanding } from "./item-standing.ts";
import { SQL, TIES, VersionTable } from "./version-table.ts";

const share = (name: string): Bytes => sha256(utf8(name));

/** One share by one author: an object at each place, of this version and content. */
interface Shared {
  readonly log: string;
  readonly index: number;
  readonly name: string;
  readonly objects: readonly { readonly object: string; readonly version: string; readonly text: string }[];
}

function versionsOf({ log, index, name, objects }: Shared): NewVersion[] {
  return objects.map(({ object, version, text }, item) => ({
    log,
    index,
    share: share(name),
    item,
    object,
    version,
    content: sha256(utf8(text)),
    isRevoked: text === "revoked",
  }));
}

/** Indexes a share as a station does, each object with a value that tells it apart. */
async function add(index: IndexStore, shared: Shared): Promise<void> {
  const items = shared.objects.map((_, item) => ({
    share: share(shared.name),
    item,
    kind: "domain",
    value: `${shared.name}-${item}.example`,
  }));
  const texts = items.map(({ share: of, item, value }) => ({ share: of, item, text: `word ${value}` }));
  await index.writer.add({ versions: versionsOf(shared), items, texts });
}

async function stand(index: IndexStore, { log, index: at, name }: Shared, isStanding = true): Promise<void> {
  await index.writer.setStanding({ log, index: at, share: share(name) }, isStanding);
}

async function standing(index: IndexStore, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const { rows } = await index.reader.standingItems(share(name), { limit: 100 });
    found.push(...rows.map(({ item }) => `${name}:${item}`));
  }
  return found;
}

const V1 = { object: "indicator--1", version: "2026-01-01T00:00:00", text: "first" };
const V2 = { object: "indicator--1", version: "2026-01-02T00:00:00", text: "second" };
const REVOKED = { ...V2, text: "revoked" };

function sharedBy(log: string, index: number, name: string, ...objects: Shared["objects"]): Shared {
  return { log, index, name, objects };
}

test("a newer version by the same author ends an earlier one, once its statement stands and as long as it does", async () => {
  const index = unwrap(openIndex(":memory:"));
  const [first, second] = [sharedBy("ann", 0, "a", V1), sharedBy("ann", 5, "b", REVOKED)];
  await add(index, first);
  await stand(index, first);
  await add(index, second);
  expect(await standing(index, ["a", "b"])).toEqual(["a:0", "b:0"]);
  const before = index.versions.revision();
  await stand(index, second);
  expect(await standing(index, ["a", "b"])).toEqual(["b:0"]);
  expect(index.versions.revision()).toBeGreaterThan(before);
  expect(await index.versions.replacedItems(share("a"), 0, 10)).toEqual([
    { item: 0, by: { share: share("b"), item: 0, version: V2.version, isRevoked: true } },
  ]);
  expect(await index.versions.replacedItems(share("b"), 0, 10)).toEqual([]);
  expect((await index.search.searchWords("word", { limit: 10 })).rows.map(({ text }) => text)).toEqual([
    "word b-0.example",
  ]);
  expect(await index.search.valuesNamed(["a-0.example"])).toMatchObject([{ stated: 0, withdrawn: 1 }]);
  await stand(index, second, false);
  expect(await standing(index, ["a"])).toEqual(["a:0"]);
});

test("of equal versions the later statement's counts, and with it what is the same to the byte", async () => {
  const index = unwrap(openIndex(":memory:"));
  const same = { ...V1, text: "corrected" };
  const shares = [sharedBy("ann", 7, "late", same), sharedBy("ann", 1, "early", V1), sharedBy("ann", 3, "copy", same)];
  for (const one of shares) await add(index, one);
  for (const one of shares) await stand(index, one);
  expect(await standing(index, ["early", "copy", "late"])).toEqual(["copy:0", "late:0"]);
});

test("no other author's version counts, whatever id and version it states", async () => {
  const index = unwrap(openIndex(":memory:"));
  const shares = [sharedBy("ann", 0, "a", V1), sharedBy("eve", 0, "e", { ...REVOKED, version: "9999-12-31T23:59:59" })];
  for (const one of shares) await add(index, one);
  for (const one of shares) await stand(index, one);
  expect(await standing(index, ["a", "e"])).toEqual(["a:0", "e:0"]);
});

test("of equal versions the latest statements count, however many there are", async () => {
  const index = unwrap(openIndex(":memory:"));
  const names = Array.from({ length: 2 * TIES }, (_, i) => `s${i}`);
  const texts = (text: (i: number) => string): Shared[] =>
    names.map((name, i) => sharedBy("ann", i, name, { ...V1, text: text(i) }));
  const same = texts(() => "same");
  for (const one of same) await add(index, one);
  for (const one of same) await stand(index, one);
  expect(await standing(index, names)).toEqual(names.slice(-TIES).map((name) => `${name}:0`));
  for (const one of same.slice(-TIES)) await stand(index, one, false);
  expect(await standing(index, names.slice(0, TIES))).toEqual(names.slice(0, TIES).map((name) => `${name}:0`));
});

test("a statement costs as much behind hundreds of others of one version as behind a few", async () => {
  const { db } = openRebuildable(":memory:", INDEX_VERSION, INDEX_SCHEMA);
  const counted = new CountedRows(db);
  const versions = new VersionTable(counted as unknown as Database, new ItemStanding(db));
  const costs: number[] = [];
  for (let i = 0; i < 400; i++) {
    const one = sharedBy("ann", i, `s${i}`, { ...V1, text: i % 2 === 0 ? "even" : "odd" });
    const before = counted.rows;
    versions.add(versionsOf(one));
    await versions.setStanding({ log: "ann", index: i, share: share(`s${i}`) }, true);
    costs.push(counted.rows - before);
  }
  expect(Math.max(...costs.slice(40))).toBeLessThanOrEqual(Math.max(...costs.slice(20, 40)));
  for (const name of ["latest", "newest"] as const) {
    const plan = (db.prepare(`EXPLAIN QUERY PLAN ${SQL[name]}`).all(new Uint8Array(16)) as { detail: string }[]).map(
      ({ detail }) => detail,
    );
    expect(plan).toEqual([expect.stringMatching(/^SEARCH versions USING (COVERING )?INDEX /)]);
  }
  db.close();
});

/** A database that counts the rows which its statements give and change. */
class CountedRows {
  rows = 0;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  prepare(sql: string): object {
    const statement = this.#db.prepare(sql);
    return {
      get: (...values: never[]): unknown => {
        this.rows++;
        return statement.get(...values);
      },
      all: (...values: never[]): unknown[] => {
        const rows = statement.all(...values);
        this.rows += rows.length;
        return rows;
      },
      run: (...values: never[]): object => {
        const done = statement.run(...values);
        this.rows += done.changes;
        return done;
      },
    };
  }
}

test("law: whatever comes in whatever order, what stands is what the newest standing versions say", async () => {
  const object = fc.record({
    object: fc.constantFrom("indicator--1", "INDICATOR--1", "malware--1"),
    version: fc.constantFrom("2026-01-01T00:00:00", "2026-01-01T00:00:00.5", "2026-01-02T00:00:00"),
    text: fc.constantFrom("one", "two", "revoked"),
  });
  const shares = fc.uniqueArray(
    fc.record({
      log: fc.constantFrom("ann", "eve"),
      index: fc.nat(9),
      objects: fc.uniqueArray(object, { maxLength: 2, selector: ({ object: id }) => id.toLowerCase() }),
    }),
    { selector: ({ log, index }) => `${log} ${index}`, maxLength: 6 },
  );
  const step = fc.record({ share: fc.nat(5), change: fc.constantFrom("add", "stand", "fall", "withdraw", "erase") });
  await fc.assert(
    fc.asyncProperty(shares, fc.array(step, { maxLength: 20 }), async (drawn, steps) => {
      const index = unwrap(openIndex(":memory:"));
      const all = drawn.map((one, i): Shared => ({ ...one, name: `s${i}` }));
      const model = all.map((shared) => ({ shared, isHere: false, stands: false, isWithdrawn: false }));
      for (const { share: number, change } of steps) {
        const one = model[number];
        if (one === undefined) continue;
        if (change === "add") await add(index, one.shared);
        else if (change === "erase") await index.writer.removeItems(share(one.shared.name));
        else if (change === "withdraw") await index.writer.setWithdrawn(share(one.shared.name), !one.isWithdrawn);
        else await stand(index, one.shared, change === "stand");
        if (change === "add") one.isHere = true;
        else if (change === "erase") one.isHere = false;
        else if (change === "withdraw") one.isWithdrawn = !one.isWithdrawn;
        else one.stands = change === "stand";
      }
      expect(
        await standing(
          index,
          all.map(({ name }) => name),
        ),
      ).toEqual(expected(model));
      index.close();
    }),
    { numRuns: 150 },
  );
});

interface Modelled {
  readonly shared: Shared;
  readonly isHere: boolean;
  readonly stands: boolean;
  readonly isWithdrawn: boolean;
}

/** The rule as it is said, over everything at once. */
function expected(model: readonly Modelled[]): string[] {
  const counting = model.filter(({ isHere, stands }) => isHere && stands).map(({ shared }) => shared);
  return model.flatMap(({ shared, isHere, stands, isWithdrawn }) => {
    if (!isHere || isWithdrawn) return [];
    return shared.objects.flatMap(({ object, version, text }, item) => {
      if (!stands) return [`${shared.name}:${item}`];
      const rivals = counting
        .filter(({ log }) => log === shared.log)
        .flatMap(({ index, objects }) => objects.map((one) => ({ ...one, index })))
        .filter((one) => one.object.toLowerCase() === object.toLowerCase())
        .toSorted((a, b) => compareText(a.version, b.version) || a.index - b.index);
      const newest = rivals.at(-1);
      const isNewest = newest?.version === version && newest.text === text;
      return isNewest ? [`${shared.name}:${item}`] : [];
    });
  });
}

test("a change that a crash leaves half done is known to be so; and of a share that was erased nothing is left", async () => {
  const home = mkdtempSync(join(tmpdir(), "versions-"));
  const path = join(home, "index.sqlite");
  let index = unwrap(openIndex(path));
  const objects = Array.from({ length: 2500 }, (_, i) => ({ ...V1, object: `indicator--${i}`, text: `text ${i}` }));
  const shared = sharedBy("ann", 0, "a", ...objects);
  for (const one of versionsOf(shared).filter((_, i) => i % 500 === 0)) await index.writer.add({ versions: [one] });
  const raised = stand(index, shared);
  expect(await index.versions.claims()).toMatchObject([{ log: "ann", index: 0, isStanding: undefined }]);
  await raised;
  expect(await index.versions.claims()).toMatchObject([{ isStanding: true }]);
  const content = versionsOf(shared)[500]?.content ?? new Uint8Array(0);
  const holds = (): boolean =>
    readdirSync(home).some((file) => toHex(readFileSync(join(home, file))).includes(toHex(content)));
  expect(holds()).toBe(true);
  await index.writer.removeItems(share("a"));
  expect(holds()).toBe(false);
  index.close();
  index = unwrap(openIndex(path));
  expect(await index.versions.claims()).toMatchObject([{ isStanding: true }]);
  index.close();
  rmSync(home, { recursive: true });
});
