import { collect, type Json, present, toHex } from "@detente/basics";
import type { Records } from "@detente/store";
import { leafHash } from "@detente/tlog";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import { Book } from "./book.ts";
import type { Pending } from "./pending.ts";
import { Releaser } from "./releaser.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let share: string;

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  const items: Json = [{ kind: "domain", value: "evil.example" }];
  const shared = await ann.post<{ leafHash: string }>("/api/shares", {
    title: "t",
    tlp: "green",
    audience: "unit",
    items,
  });
  share = shared.leafHash;
  await until("it is in effect", () => bob.fate(share) === "effective");
});
afterAll(() => stations.close());

/** Lets no more than so many changes reach the disk, as a process that is killed then. */
function dying(records: Records, changes: number): Records {
  let left = changes;
  return {
    get: (key) => records.get(key),
    set: (key, value) => records.set(key, value),
    delete: (key) => records.delete(key),
    list: () => records.list(),
    async change(changed) {
      if (left-- <= 0) throw new Error("killed");
      await records.change(changed);
    },
  };
}

function releaserOf(book: Book): Releaser {
  const { speaker, own, index } = bob.station;
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  return new Releaser({
    book,
    versions: index.versions,
    speaker,
    audienceOf: () => "unit",
    own: own.origin,
    random,
    now: () => Date.now(),
  });
}

function pendingOf(id: string, count: number): Pending {
  const at = Date.UTC(2026, 10, 3, 18);
  const coverage = { from: at, to: at + 3_600_000, source: "dns" };
  return {
    id,
    source: "dns",
    indicator: { kind: "domain", value: "evil.example" },
    party: "ann",
    share,
    index: 0,
    isWeak: false,
    from: at,
    until: at + 3_600_000,
    count,
    first: at,
    last: at,
    classes: { "exact-field": count },
    isNoisy: false,
    says: { item: { index: 0 }, count, first: at, last: at, coverage },
    releasedBy: "officer",
    intent: null,
  };
}

/** Until the fold has all of bob's log: before that nobody asks it what was said. */
function untilRead(): Promise<void> {
  return until("it has", () => bob.unit.archive.foldedSize(bob.origin) === bob.station.own.reader.size);
}

/** The counts of the sightings that are on bob's log. */
async function said(): Promise<number[]> {
  await untilRead();
  const { body } = await bob.api<{ rows: { kind: string; content: { count: number } }[] }>(
    "GET",
    "/api/log?limit=1000",
  );
  return body.rows.filter(({ kind }) => kind === "sighting").map(({ content }) => content.count);
}

it.each([
  ["before the intent is put down", 1, 11],
  ["after the intent, before or while it is said", 2, 12],
])("says a sighting once, though it is killed %s", async (_, changes, count) => {
  const records = bob.station.state.watch;
  const id = `${count}`;
  const mortal = await Book.read(dying(records, changes));
  await mortal.change({ pending: [pendingOf(id, count)] });
  await expect(releaserOf(mortal).say(bob.unit)).rejects.toThrow("killed");
  await untilRead();

  const again = await Book.read(records);
  const outcomes = await releaserOf(again).say(bob.unit);
  expect(outcomes).toMatchObject([{ is: "said", pending: { id } }]);
  expect((await said()).filter((one) => one === count)).toEqual([count]);
  // The fold would not count a leaf that is there twice; it is not even there.
  const leaves = await collect(bob.station.own.reader.entries(0, bob.station.own.reader.size));
  const hashes = leaves.map((leaf) => toHex(leafHash(leaf)));
  expect(new Set(hashes).size).toBe(hashes.length);
  expect((await Book.read(records)).allPending()).toEqual([]);
});

it("says the very statement that was intended, where none of these bytes is on the log", async () => {
  const book = await Book.read(bob.station.state.watch);
  await book.change({
    pending: [{ ...pendingOf("3", 13), intent: { at: 5, salt: "07".repeat(32), audience: "unit" } }],
  });
  const [outcome] = await releaserOf(book).say(bob.unit);
  await untilRead();
  const [report] = bob.unit.archive.fold.find(present(outcome?.is === "said" ? outcome.leafHash : undefined, "a hash"));
  const leaf = await bob.station.own.reader.entry(present(report, "the statement").index);
  expect(JSON.parse(Buffer.from(leaf).toString())).toMatchObject({ type: "observe", at: 5, of: [share] });
});

it("waits where its audience is no audience, and says why", async () => {
  const book = await Book.read(bob.station.state.watch);
  const intent = { at: 5, salt: "08".repeat(32), audience: ["bob", "stranger"] };
  await book.change({ pending: [{ ...pendingOf("4", 14), intent }] });
  expect(await releaserOf(book).say(bob.unit)).toMatchObject([
    { is: "waits", why: expect.stringContaining("stranger") },
  ]);
  expect(book.pending("4")).toBeDefined();
  await book.change({ settled: ["4"] });
});
