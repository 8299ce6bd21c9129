import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8, utf8Decode } from "@detente/basics";
import { DatabaseSync } from "@photostructure/sqlite";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewObject, ObjectQuery, VersionMatch } from "../object-ports.ts";
import { idOfName } from "./object-id.ts";
import { type ObjectStore, openObjects } from "./object-store.ts";
import { microsecondText, versionKey } from "./object-time.ts";

let home: string;
let store: ObjectStore;
let clock: number;

const open = (): ObjectStore => unwrap(openObjects(join(home, "objects.sqlite"), { now: () => clock }));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "objects-"));
  clock = Date.UTC(2026, 10, 26);
  store = open();
});

afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

const object = (id: string, version?: string, text = "{}"): NewObject => ({
  id: `indicator--${id}`,
  ...(version === undefined ? {} : { version }),
  bytes: utf8(text),
});
const add = async (...objects: readonly NewObject[]): Promise<string[]> =>
  unwrap(await store.writer.add("c", "ann", objects)).map(({ outcome }) => outcome);
const page = (query: Partial<ObjectQuery> = {}) =>
  store.reader.objects("c", { versions: "all", limit: 1000, ...query });
const shown = async (versions: VersionMatch): Promise<string[]> =>
  (await page({ versions })).rows.map(({ id, version }) => `${id.slice(11)} ${version.slice(0, 4)}`);

describe("adding", () => {
  it("keeps the bytes, overwrites nothing, and takes the same value in another spelling for the same", async () => {
    const spelled = '{ "b" : 1.0, "a":"\\u0041" }';
    expect(await add(object("x", "2020-01-01T00:00:00Z", spelled))).toEqual(["added"]);
    expect(await add(object("x", "2020-01-01T00:00:00.000Z", '{"a":"A","b":1}'))).toEqual(["present"]);
    expect(await add(object("x", "2020-01-01T00:00:00Z", '{"a":"B","b":1}'))).toEqual(["conflict"]);
    expect((await page()).rows.map(({ bytes, source }) => [utf8Decode(bytes), source])).toEqual([[spelled, "ann"]]);
  });

  it("gives each a microsecond of its own, later than all before, whatever the clock and the process do", async () => {
    await add(object("a"), object("b"));
    clock -= 3_600_000;
    await add(object("c"));
    unwrap(await store.writer.remove("c", "indicator--c", "all"));
    store.close();
    store = open();
    await add(object("d"));
    const start = Date.UTC(2026, 10, 26) * 1000;
    expect((await page()).rows.map(({ added }) => added - start)).toEqual([0, 1, 3]);
    expect((await page()).rows.at(-1)?.version).toBe("2026-11-26T00:00:00.000003Z");
  });

  it("keeps what differs of an object without versions side by side, up to a limit", async () => {
    const variants = Array.from({ length: 17 }, (_, i) => object("f", undefined, `{"name":"${i}"}`));
    expect(await add(...variants)).toEqual([...Array(16).fill("added"), "conflict"]);
    expect(await add(...variants.slice(0, 16))).toEqual(Array(16).fill("present"));
    expect((await page({ versions: ["last"] })).rows.map(({ bytes }) => utf8Decode(bytes))).toEqual(['{"name":"15"}']);
  });

  it("does all that was asked for at once, each in its own collection", async () => {
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        store.writer.add(
          `c${i % 3}`,
          "ann",
          Array.from({ length: 100 }, (__, k) => object(`${i}-${k}`)),
        ),
      ),
    );
    expect(all.every((outcome) => outcome.ok && outcome.value.every((one) => one.outcome === "added"))).toBe(true);
    const { rows } = await store.reader.entries("c1", { versions: "all", limit: 5000 });
    expect(rows.length).toBe(1000);
    expect(new Set(rows.map(({ added }) => added)).size).toBe(1000);
  });

  it("takes none without a version whose time of adding is the version of another", async () => {
    const taken = "2026-11-26T00:00:00.000001Z";
    expect(await add(object("a", taken, "1"), object("a", undefined, "2"), object("b"))).toEqual([
      "added",
      "conflict",
      "added",
    ]);
  });

  it("tells by its times nothing of what is added elsewhere", async () => {
    unwrap(
      await store.writer.add(
        "other",
        "bob",
        Array.from({ length: 5000 }, (_, i) => object(String(i))),
      ),
    );
    await add(object("a"));
    expect((await page()).rows.map(({ added }) => added)).toEqual([clock * 1000]);
  });

  it("reports a disk that does not take them as a fault, to everyone who waited", async () => {
    store.close();
    const outcomes = await Promise.all([
      store.writer.add("c", "ann", [object("a")]),
      store.writer.add("c", "ann", [object("b")]),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.fault.code))).toEqual([
      "storage-failed",
      "storage-failed",
    ]);
    store = open();
  });
});

describe("reading", () => {
  it("tells who has added any version of an object, in this collection", async () => {
    const versions = Array.from({ length: 3000 }, (_, i) => object("x", new Date(i * 1000).toISOString()));
    await add(...versions, object("y", "2020-01-01T00:00:00Z"));
    unwrap(await store.writer.add("c", "bob", [object("x", "2020-01-01T00:00:00Z")]));
    unwrap(await store.writer.add("other", "cem", [object("y", "2020-01-01T00:00:00Z")]));
    const ids = ["indicator--x", "indicator--y", "indicator--z", "malware--x"];
    const told = [...(await store.reader.sources("c", ids))].map(([id, by]) => [id, [...by].toSorted()]);
    expect(Object.fromEntries(told)).toEqual({ "indicator--x": ["ann", "bob"], "indicator--y": ["ann"] });
    expect((await store.reader.sources("c", [])).size).toBe(0);
  });

  it("filters versions, in whatever order they came", async () => {
    await add(object("a", "2022-01-01T00:00:00Z"), object("b", "2021-01-01T00:00:00Z"));
    await add(
      object("a", "2020-01-01T00:00:00Z"),
      object("a", "2023-01-01T00:00:00.5Z"),
      object("a", "2023-01-01T00:00:00Z"),
    );
    expect(await shown(["last"])).toEqual(["b 2021", "a 2023"]);
    expect(await shown(["first"])).toEqual(["b 2021", "a 2020"]);
    expect(await shown(["first", "last"])).toEqual(["b 2021", "a 2020", "a 2023"]);
    expect(await shown(["2022-01-01T00:00:00.000Z"])).toEqual(["a 2022"]);
    expect((await page({ versions: ["last"], ids: ["indicator--a"] })).rows.map(({ version }) => version)).toEqual([
      "2023-01-01T00:00:00.5Z",
    ]);
    expect(await shown("all")).toHaveLength(5);
    unwrap(await store.writer.remove("c", "indicator--a", ["last"]));
    expect(await shown(["last"])).toEqual(["b 2021", "a 2023"]);
    expect(unwrap(await store.writer.remove("c", "indicator--a", "all"))).toBe(3);
    expect(await store.reader.has("c", "indicator--a")).toBe(false);
    expect(await shown("all")).toEqual(["b 2021"]);
  });

  it("ends a page at its size in bytes, with one object at least, and says exactly whether there is more", async () => {
    await add(...["a", "b", "c"].map((id) => object(id, undefined, JSON.stringify({ id, pad: "x".repeat(100) }))));
    const sizes: number[] = [];
    for (let after = -1, more = true; more;) {
      const { rows, more: further } = await page({ after, maxBytes: 10 });
      sizes.push(rows.length);
      after = rows.at(-1)?.added ?? 0;
      more = further;
    }
    expect(sizes).toEqual([1, 1, 1]);
    expect((await page({ limit: 3 })).more).toBe(false);
    expect((await page({ limit: 2 })).more).toBe(true);
  });

  it("walks through everything once, by pages of any size, while others write", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), async (ids, limit) => {
        const db = unwrap(openObjects(":memory:", { now: () => clock }));
        const years = ids.map((id, i) => object(String(id), `${2000 + ((i * 7) % 31)}-01-01T00:00:00Z`));
        const half = Math.ceil(years.length / 2);
        unwrap(await db.writer.add("c", "ann", years.slice(0, half)));
        const seen: number[] = [];
        let after = -1;
        for (let round = 0; ; round++) {
          const { rows, more } = await db.reader.entries("c", { versions: "all", limit, after });
          seen.push(...rows.map(({ added }) => added));
          after = rows.at(-1)?.added ?? after;
          if (round === 0) unwrap(await db.writer.add("c", "ann", years.slice(half)));
          else if (!more) break;
        }
        const { rows } = await db.reader.entries("c", { versions: "all", limit: 1000 });
        expect(seen).toEqual(rows.map(({ added }) => added));
        db.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe("deleting", () => {
  it("all that a source has added takes nothing of others', however many there are, and leaves the ends right", async () => {
    const year = (id: string, at: number): NewObject => object(id, `${at}-01-01T00:00:00Z`);
    await add(year("x", 2020), year("x", 2022), year("y", 2020));
    const many = Array.from({ length: 2500 }, (_, n) => year(String(n), 2020));
    unwrap(await store.writer.add("c", "bob", [year("x", 2019), year("x", 2021), year("x", 2023), ...many]));
    unwrap(await store.writer.add("d", "bob", [year("x", 2019)]));
    expect(unwrap(await store.writer.removeOf("c", "bob"))).toBe(2503);
    expect(unwrap(await store.writer.removeOf("c", "bob"))).toBe(0);
    expect(await shown("all")).toEqual(["x 2020", "x 2022", "y 2020"]);
    expect([await shown(["first"]), await shown(["last"])]).toEqual([
      ["x 2020", "y 2020"],
      ["x 2022", "y 2020"],
    ]);
    expect(await store.reader.has("d", "indicator--x")).toBe(true);
  });
});

describe("what is on the disk", () => {
  const uuid = "7f3c5a52-0d3e-4a7e-9c54-5b0e3f7f9a10";

  it("of objects that were deleted there is nothing left in any file", async () => {
    const secret = (n: number): NewObject => object(`${n}`, undefined, `{"name":"zebrafinch"}`);
    await add(...Array.from({ length: 200 }, (_, n) => secret(n)), object("kept"));
    const held = (): boolean => readdirSync(home).some((file) => readFileSync(join(home, file)).includes("zebrafinch"));
    expect(held()).toBe(true);
    const ids = Array.from({ length: 199 }, (_, n) => `indicator--${n}`);
    unwrap(await store.writer.removeAll("c", ids));
    expect(held()).toBe(true);
    unwrap(await store.writer.remove("c", "indicator--199", "all"));
    expect(held()).toBe(false);
    expect(await shown("all")).toEqual(["kept 2026"]);
  });

  it("names objects of several types and versions by one UUID", async () => {
    const tool = { ...object(uuid, "2020-01-01T00:00:00Z"), id: `tool--${uuid}` };
    await add(object(uuid, "2020-01-01T00:00:00Z"), tool, object(uuid, "2021-01-01T00:00:00Z"));
    const ids = async (...wanted: readonly string[]): Promise<string[]> =>
      (await page({ ids: wanted })).rows.map(({ id }) => id);
    expect(await ids(`tool--${uuid}`)).toEqual([`tool--${uuid}`]);
    expect(await ids(`malware--${uuid}`)).toEqual([]);
    expect(await ids(`indicator--${uuid}`, `tool--${uuid}`)).toHaveLength(3);
    expect(unwrap(await store.writer.remove("c", `tool--${uuid}`, "all"))).toBe(1);
    expect((await page({ versions: ["last"] })).rows.map(({ version }) => version)).toEqual(["2021-01-01T00:00:00Z"]);
  });

  it("is brought from version 1, its order and its ends kept", async () => {
    await add(object(uuid, "2020-01-01T00:00:00Z", "1"), object("odd", undefined, "2"));
    await add(object(uuid, "2021-01-01T00:00:00Z", "3"));
    const before = [await page(), await page({ versions: ["last"] })];
    store.close();
    const db = new DatabaseSync(join(home, "objects.sqlite"));
    // The table and the indexes of version 1, and its rows.
    db.function("id_of", (type: unknown, name: unknown) =>
      idOfName({ type: String(type), name: typeof name === "string" ? name : (name as Uint8Array) }),
    );
    db.exec(`
      ALTER TABLE objects RENAME TO objects_2;
      DROP INDEX objects_by_name; DROP INDEX objects_all; DROP INDEX objects_last;
      CREATE TABLE objects (row INTEGER PRIMARY KEY, added INTEGER NOT NULL, collection INTEGER NOT NULL,
        id TEXT NOT NULL, type TEXT NOT NULL, version TEXT, version_key TEXT NOT NULL, source TEXT NOT NULL,
        is_first INTEGER NOT NULL, is_last INTEGER NOT NULL, bytes BLOB NOT NULL);
      INSERT INTO objects SELECT row, added, collection, id_of(type, name), type, version, version_key, source,
        is_first, is_last, bytes FROM objects_2;
      DROP TABLE objects_2;
      CREATE UNIQUE INDEX objects_by_id ON objects (collection, id, version_key);
      CREATE UNIQUE INDEX objects_all ON objects (collection, added, type, version_key);
      CREATE INDEX objects_last ON objects (collection, added, type) WHERE is_last = 1;
      PRAGMA user_version = 1`);
    db.close();
    store = open();
    expect([await page(), await page({ versions: ["last"] })]).toEqual(before);
    expect(await add(object(uuid, "2021-01-01T00:00:00Z", "3"), object("more"))).toEqual(["present", "added"]);
  });
});

describe("times", () => {
  it("have six digits in TAXII (TAXII 2.1 §3.2)", () => {
    expect(microsecondText(Date.UTC(2016, 0, 1, 12, 31, 12, 123) * 1000 + 45)).toBe("2016-01-01T12:31:12.123045Z");
  });

  it("sort as text whatever their digits", () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.stringMatching(/^[0-9]{0,9}$/));
    fc.assert(
      fc.property(time, time, (a, b) => {
        const text = ([second, fraction]: [number, string]): string =>
          `2020-01-01T00:00:0${second}${fraction === "" ? "" : `.${fraction}`}Z`;
        const nanos = ([second, fraction]: [number, string]): number => second * 1e9 + Number(fraction.padEnd(9, "0"));
        const [first, second] = [versionKey(text(a)), versionKey(text(b))];
        expect(Math.sign(nanos(a) - nanos(b))).toBe(first < second ? -1 : first > second ? 1 : 0);
      }),
    );
  });
});

it("receipts are their owner's, until they are over", async () => {
  unwrap(await store.receipts.put({ id: "r", owner: "ann", expires: 100, content: { n: 1 } }, 0));
  expect(await store.receipts.get("r", "ann", 99)).toEqual({ n: 1 });
  expect(await store.receipts.get("r", "bob", 99)).toBeUndefined();
  expect(await store.receipts.get("r", "ann", 100)).toBeUndefined();
});
