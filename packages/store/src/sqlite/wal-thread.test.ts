import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { WalThread } from "./wal-thread.ts";

let home: string;
let path: string;
let db: Database;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/detente-wal-`);
  path = `${home}/x.sqlite`;
  db = openDatabase(path, "full");
  db.exec("CREATE TABLE t (text TEXT)");
});

afterEach(() => {
  db.close();
  rmSync(home, { recursive: true });
});

function write(text: string): void {
  db.prepare("INSERT INTO t VALUES (?)").run(text);
}

/** Whether a text stands in a file as it is. */
function isIn(file: string, text: string): boolean {
  return readFileSync(file).includes(text);
}

test("the log is copied after so many rows, and begins anew with what is written then", async () => {
  const wal = new WalThread(db, { path, rows: 10, mostPages: 100_000 });
  write("first zebra");
  wal.written(9);
  await wal.idle();
  expect([isIn(path, "first zebra"), isIn(`${path}-wal`, "first zebra")]).toEqual([false, true]);
  wal.written(1);
  // Meanwhile the database is written and read.
  write("second zebra");
  expect(db.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 2 });
  await wal.idle();
  expect([isIn(path, "first zebra"), isIn(path, "second zebra")]).toEqual([true, true]);
  const { size } = statSync(`${path}-wal`);
  write("third zebra");
  expect(statSync(`${path}-wal`).size).toBe(size);
  expect(db.prepare("SELECT text FROM t").all()).toHaveLength(3);
  wal.close();
});

test("where the thread cannot copy, whoever writes goes on, and copies the log at its limit", async () => {
  const wal = new WalThread(db, { path: `${home}/nowhere/x.sqlite`, rows: 1, mostPages: 4 });
  for (let i = 0; i < 3; i++) {
    write(`${i} ${"zebra".repeat(3000)}`);
    wal.written(1);
    await wal.idle();
  }
  expect(isIn(path, "zebra")).toBe(true);
  expect(db.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 3 });
  wal.close();
});
