import { fstatSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, unwrap } from "@detente/basics";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AnswerStore } from "./answer-store.ts";

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "store-"));
  path = join(home, "match.sqlite");
});

afterEach(() => rmSync(home, { recursive: true }));

function bytes(length: number, value: number): Bytes {
  return new Uint8Array(length).fill(value);
}

const SET = bytes(32, 1);
const EXCHANGE = { request: bytes(9, 2), response: bytes(8, 3), blinds: bytes(64, 4), previous: bytes(32, 5) };

test("outputs are there after opening, each set for itself, with the exchange that gave them", () => {
  const store = unwrap(AnswerStore.open(path));
  store.add(SET, ["domain:a", "domain:b"], [bytes(64, 6), bytes(64, 7)], EXCHANGE);
  store.add(bytes(32, 9), ["domain:a"], [bytes(64, 8)]);
  store.close();
  const again = unwrap(AnswerStore.open(path));
  expect(again.outputs(SET, ["domain:b", "domain:c", "domain:a"])).toEqual([bytes(64, 7), undefined, bytes(64, 6)]);
  expect(again.find(SET, "domain:b")).toEqual({ output: bytes(64, 7), from: { exchange: EXCHANGE, place: 1 } });
  expect(again.find(bytes(32, 9), "domain:a")).toEqual({ output: bytes(64, 8) });
  expect(again.find(SET, "domain:c")).toBeUndefined();
  again.close();
});

test("what is known stays as it is, and a set is forgotten whole", async () => {
  const store = unwrap(AnswerStore.open(path));
  store.add(SET, ["domain:a"], [bytes(64, 6)], EXCHANGE);
  store.add(SET, ["domain:a"], [bytes(64, 7)], { ...EXCHANGE, request: bytes(9, 9) });
  expect(store.find(SET, "domain:a")).toEqual({ output: bytes(64, 6), from: { exchange: EXCHANGE, place: 0 } });
  store.add(bytes(32, 9), ["domain:a"], [bytes(64, 8)]);
  await store.forget(SET);
  expect(store.outputs(SET, ["domain:a"])).toEqual([undefined]);
  expect(store.outputs(bytes(32, 9), ["domain:a"])).toEqual([bytes(64, 8)]);
  store.close();
});

test("once its log has its size, no synced write makes the file grow; nothing of that stays", async () => {
  const store = unwrap(AnswerStore.open(path));
  store.reserve();
  const size = statSync(`${path}-wal`).size;
  // Pages of 4,096 bytes, a thousand of them before a checkpoint (sqlite.org/wal.html §2.1).
  expect(size).toBeGreaterThan(900 * 4096);
  for (let i = 0; i < 200; i++) await store.ledgers.set("a", i);
  expect(statSync(`${path}-wal`).size).toBe(size);
  store.close();
  const again = unwrap(AnswerStore.open(path));
  expect(await again.ledgers.get("a")).toBe(199);
  expect(await again.tabs.get("a")).toBeUndefined();
  again.close();
  expect(statSync(path).size).toBeLessThan(100_000);
});

test("what a party owes is synced before its promise is kept", async () => {
  const seen: string[] = [];
  const store = unwrap(AnswerStore.open(path, () => void seen.push("synced")));
  await store.ledgers.set("a", 1).then(() => seen.push("ledger"));
  await store.tabs.change(new Map([["b", 2]])).then(() => seen.push("tab"));
  await store.tabs.delete("b").then(() => seen.push("deleted"));
  await store.forget(SET).then(() => seen.push("forgotten"));
  expect(seen).toEqual(["synced", "ledger", "synced", "tab", "synced", "deleted", "synced", "forgotten"]);
  store.close();
});

test("syncs the log of the database itself", async () => {
  const found: number[] = [];
  const store = unwrap(AnswerStore.open(path, (fd) => void found.push(fstatSync(fd).ino)));
  await store.ledgers.set("a", 1);
  store.add(SET, ["domain:a"], [bytes(64, 6)], EXCHANGE);
  expect(found).toEqual([statSync(`${path}-wal`).ino]);
  store.close();
});

test("after a sync that failed, nothing is promised any more", async () => {
  let failing = true;
  const store = unwrap(
    AnswerStore.open(path, () => {
      if (failing) throw new Error("EIO");
    }),
  );
  await expect(store.ledgers.set("a", 1)).rejects.toThrow("EIO");
  failing = false;
  await expect(store.ledgers.set("a", 2)).rejects.toThrow("EIO");
  await expect(store.tabs.set("a", 2)).rejects.toThrow("EIO");
  expect(await store.tabs.get("a")).toBeUndefined();
  store.close();
});

test("a file of a newer version is left alone", () => {
  unwrap(AnswerStore.open(path)).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 7");
  db.close();
  expect(AnswerStore.open(path)).toMatchObject({ fault: { code: "storage-failed" } });
});
