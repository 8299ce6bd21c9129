import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyRoot, type WitnessState } from "@detente/tlog";
import { type Json, unwrap, utf8 } from "@detente/basics";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { StateStore } from "./state-store.ts";

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "store-"));
  path = join(home, "state.sqlite");
});

afterEach(() => rmSync(home, { recursive: true }));

function state(version: number, size: number): WitnessState {
  return { version, size, root: emptyRoot, note: utf8(`size ${size} — ${version}\n`) };
}

test("a head is replaced only by whoever knows the current one, and is there after opening", async () => {
  const store = unwrap(StateStore.open(path));
  const { witness } = store;
  expect(await witness.get("a")).toBeUndefined();
  expect(await witness.compareAndSet("a", state(1, 5), state(2, 6))).toBe(false);
  const first = await Promise.all([1, 2].map((size) => witness.compareAndSet("a", undefined, state(1, size))));
  expect(first).toEqual([true, false]);
  const second = await Promise.all([5, 6].map((size) => witness.compareAndSet("a", state(1, 1), state(2, size))));
  expect(second).toEqual([true, false]);
  expect(await witness.compareAndSet("a", state(1, 1), state(2, 7))).toBe(false);
  expect(await witness.get("b")).toBeUndefined();
  store.close();
  const again = unwrap(StateStore.open(path));
  expect(await again.witness.get("a")).toEqual(state(2, 5));
  again.close();
});

test("pending checkpoints are kept apart from what was witnessed", async () => {
  const store = unwrap(StateStore.open(path));
  const { version: _, ...head } = state(1, 9);
  expect(await store.pending.compareAndSet("a", undefined, { version: 1, checkpoints: [head, head] })).toBe(true);
  expect(await store.pending.get("a")).toEqual({ version: 1, checkpoints: [head, head] });
  expect(await store.witness.get("a")).toBeUndefined();
  store.close();
});

test("durability is what SQLite documents: FULL is 2, NORMAL is 1 (sqlite.org/pragma.html#pragma_synchronous)", () => {
  for (const [durability, level] of [
    ["full", 2],
    ["normal", 1],
  ] as const) {
    const db = openDatabase(path, durability);
    expect(db.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: level });
    expect(db.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    db.close();
  }
});

test("what is closed is whole in the main file, so that a copy of that alone lacks nothing", async () => {
  const store = unwrap(StateStore.open(path));
  await store.config.set("a", "b");
  expect(await store.config.get("a")).toBe("b");
  store.close();
  copyFileSync(path, `${path}.copy`);
  const copy = unwrap(StateStore.open(`${path}.copy`));
  expect(await copy.config.get("a")).toBe("b");
  copy.close();
});

test("a fraud is kept once", async () => {
  const store = unwrap(StateStore.open(path));
  const fraud = { log: "a", at: 20, proof: utf8("two notes") };
  const earlier = { log: "b", at: 10, proof: utf8("two others") };
  expect([await store.frauds.add(fraud), await store.frauds.add(earlier)]).toEqual([true, true]);
  expect(await store.frauds.add({ ...fraud, at: 30 })).toBe(false);
  expect(await store.frauds.list()).toEqual([earlier, fraud]);
  expect(await store.frauds.list("a")).toEqual([fraud]);
  store.close();
});

test("a token is found by its secret until it expires or is revoked; the secret is nowhere in the file", async () => {
  const store = unwrap(StateStore.open(path));
  const token = { id: "t1", label: "misp", scopes: ["intel:read"], created: 1, expires: 100 };
  const lasting = { id: "t2", label: "siem", scopes: [], created: 2 };
  await store.tokens.add(token, "secret-of-misp");
  await store.tokens.add(lasting, "secret-of-siem");
  await expect(store.tokens.add({ ...lasting, id: "t3" }, "secret-of-siem")).rejects.toThrow("UNIQUE");
  expect(await store.tokens.find("secret-of-misp", 99)).toEqual(token);
  expect(await store.tokens.find("secret-of-misp", 100)).toBeUndefined();
  expect(await store.tokens.find("t1", 99)).toBeUndefined();
  expect(await store.tokens.find("secret-of-siem", 1e12)).toEqual(lasting);
  expect(await store.tokens.list()).toEqual([token, lasting]);
  expect([await store.tokens.revoke("t2"), await store.tokens.revoke("t2")]).toEqual([true, false]);
  expect(await store.tokens.find("secret-of-siem", 3)).toBeUndefined();
  store.close();
  expect(readFileSync(path).includes("secret-of")).toBe(false);
});

test("records are kept by collection and key, in byte-wise order", async () => {
  const store = unwrap(StateStore.open(path));
  await store.peers.set("é", { seen: 1 });
  await store.peers.set("z", [1, "two", null]);
  await store.peers.set("z", "again");
  await store.config.set("z", true);
  expect(await store.peers.list()).toEqual([
    ["z", "again"],
    ["é", { seen: 1 }],
  ]);
  expect([await store.config.get("z"), await store.config.get("é")]).toEqual([true, undefined]);
  expect([await store.peers.delete("z"), await store.peers.delete("z")]).toEqual([true, false]);
  expect(await store.peers.get("z")).toBeUndefined();
  store.close();
});

test("a state of a newer version is refused, not rewritten", () => {
  unwrap(StateStore.open(path)).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  const refused = StateStore.open(path);
  expect(refused.ok ? "ok" : refused.fault).toMatchObject({
    message: expect.stringContaining(`${path} is of version 99`),
  });
});

test("several records change at once: all of them, or none", async () => {
  const store = unwrap(StateStore.open(path));
  const { watch } = store;
  await watch.set("a", 1);
  await watch.change(
    new Map<string, Json | undefined>([
      ["a", undefined],
      ["b", { n: 2 }],
      ["c", 3],
    ]),
  );
  expect(await watch.list()).toEqual([
    ["b", { n: 2 }],
    ["c", 3],
  ]);
  // A value that cannot be written, after one that could.
  const endless: Json[] = [];
  endless.push(endless);
  await expect(
    watch.change(
      new Map<string, Json>([
        ["b", 0],
        ["d", endless],
      ]),
    ),
  ).rejects.toThrow("circular");
  expect(await watch.get("b")).toEqual({ n: 2 });
  store.close();
});
