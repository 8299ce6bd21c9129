import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { unwrap } from "@detente/basics";
import { StateStore } from "@detente/store";
import { type HitRecord, StateDirectory } from "@detente/telemetry";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Book } from "./book.ts";
import { Counter } from "./counter.ts";
import type { ItemOfShare, Tally } from "./tally.ts";
import { policyOf } from "./watched-source.ts";

const POLICY = policyOf(undefined);
const NOW = Date.UTC(2026, 10, 3, 18, 20);

/** A journal and a book on one disk, which can be left at any moment and opened again. */
class Disk {
  readonly dir: string;
  readonly told: string[] = [];
  journal!: StateDirectory;
  book!: Book;
  counter!: Counter;
  #store!: StateStore;
  #serial = 0;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<Disk> {
    const disk = new Disk(await mkdtemp(`${tmpdir()}/detente-counter-`));
    await disk.open();
    return disk;
  }

  async open(): Promise<void> {
    this.#store = unwrap(StateStore.open(`${this.dir}/state.sqlite`));
    this.journal = unwrap(await StateDirectory.open(`${this.dir}/watch`));
    this.book = await Book.read(this.#store.watch);
    this.counter = new Counter({
      book: this.book,
      newId: () => String(this.#serial++),
      onNoisy: ({ share, index, count }) => void this.told.push(`${share}:${index} ${count}`),
      onShorter: (source) => void this.told.push(`${source} is shorter`),
    });
  }

  async close(): Promise<void> {
    await this.journal.close();
    this.#store.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.dir, { recursive: true });
  }

  /** Writes hits of some items as a follower does; those of a stop before the checkpoint are none. */
  async write(items: readonly number[], isKept: boolean): Promise<void> {
    await this.journal.append(items.map(hitOf));
    if (!isKept) return this.journal.rollback();
    const log = { v: 1, id: "0".repeat(32), serial: 1, name: "/x", path: "/x", dev: "1", ino: "1" } as const;
    const read = { offset: 0, head: "", mark: "" };
    await this.journal.commit({ ...log, size: "", mtime: "", format: null, read, parts: [], rest: null });
  }

  count(policy = POLICY): Promise<number> {
    return this.counter.count("dns", this.journal, policy, NOW);
  }

  /** How often each item was counted. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { index, count } of this.book.allOpen()) counts[index] = (counts[index] ?? 0) + count;
    return counts;
  }
}

function hitOf(index: number): HitRecord<ItemOfShare> {
  return {
    id: "0".repeat(32),
    file: "/x",
    input: "0".repeat(32),
    line: 1,
    column: 1,
    field: "text",
    time: NOW,
    class: index % 2 === 0 ? "exact-field" : "embedded",
    match: "evil.example",
    indicator: { kind: "domain", value: "evil.example" },
    from: { party: "ann", share: "5a".repeat(32), index },
  };
}

it("counts each hit that is kept once, whatever is counted when, and whenever it is left and opened again", async () => {
  const step = fc.record({
    items: fc.array(fc.nat({ max: 3 }), { maxLength: 8 }),
    isKept: fc.boolean(),
    isCounted: fc.boolean(),
    isLeft: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const disk = await Disk.make();
      const expected: Record<string, number> = {};
      for (const { items, isKept, isCounted, isLeft } of steps) {
        await disk.write(items, isKept);
        if (isKept) for (const item of items) expected[item] = (expected[item] ?? 0) + 1;
        if (isCounted) await disk.count();
        if (isLeft) {
          await disk.close();
          await disk.open();
        }
      }
      await disk.count();
      expect(disk.counts()).toEqual(expected);
      expect(await disk.count()).toBe(0);
      await disk.remove();
    }),
    { numRuns: 15 },
  );
});

it("keeps of a hit what is to be said, and nothing of its line", async () => {
  const disk = await Disk.make();
  await disk.write([0, 1], true);
  await disk.count();
  const known = new Set<keyof Tally>([
    ...(["id", "source", "indicator", "party", "share", "index", "isWeak", "from", "until"] as const),
    ...(["count", "first", "last", "classes", "isNoisy"] as const),
  ]);
  expect(disk.book.allOpen().map(({ isWeak }) => isWeak)).toEqual([false, true]);
  for (const tally of disk.book.allOpen()) expect(new Set(Object.keys(tally))).toEqual(known);
  await disk.remove();
});

it("tells once of an indicator that hits too often, also over a restart", async () => {
  const disk = await Disk.make();
  const policy = { ...POLICY, noisy: 2 };
  for (const _ of [1, 2, 3]) {
    await disk.write([0, 0], true);
    await disk.count(policy);
    await disk.close();
    await disk.open();
  }
  expect(disk.told).toEqual([`${"5a".repeat(32)}:0 4`]);
  expect(disk.book.allOpen()).toMatchObject([{ count: 6, isNoisy: true }]);
  await disk.remove();
});

it("begins anew with another journal, and says so where this one is older than what was counted", async () => {
  const disk = await Disk.make();
  await disk.write([0, 0], true);
  await disk.count();
  await disk.journal.close();
  await rm(`${disk.dir}/watch`, { recursive: true });
  const other = unwrap(await StateDirectory.open(`${disk.dir}/watch`, { now: () => disk.journal.began + 1 }));
  disk.journal = other;
  await disk.write([0], true);
  expect(await disk.count()).toBe(1);
  const older = { began: other.began, committed: 0, hits: other.hits.bind(other) };
  expect(await disk.counter.count("dns", older, POLICY, NOW)).toBe(1);
  expect(disk.told).toEqual(["dns is shorter"]);
  await disk.remove();
});
