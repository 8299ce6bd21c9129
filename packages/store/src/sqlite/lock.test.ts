import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "./lock.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "store-"));
});

afterEach(() => rmSync(home, { recursive: true }));

test("a directory is taken once; the second is told which one it is and what to do", () => {
  const lock = unwrap(lockDirectory(home));
  const second = lockDirectory(home);
  expect(second.ok ? "ok" : second.fault).toEqual({
    code: "in-use",
    message: `${home} is in use by another process; stop that one, or give another data directory`,
  });
  lock.release();
  unwrap(lockDirectory(home)).release();
});

test("a directory that is not there is made; a place that cannot be one is a fault", () => {
  unwrap(lockDirectory(join(home, "new", "data"))).release();
  const impossible = lockDirectory(join(home, "new", "data", "lock.sqlite"));
  expect(impossible.ok ? "ok" : impossible.fault.code).toBe("storage-failed");
});

test("the lock of a process that is killed is free at once", async () => {
  const script = `
    const { DatabaseSync } = await import("@photostructure/sqlite");
    const db = new DatabaseSync(process.env.LOCK);
    db.exec("BEGIN EXCLUSIVE");
    console.log("held");
    setInterval(() => db.isOpen, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    env: { ...process.env, LOCK: join(home, "lock.sqlite") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const meanwhile = lockDirectory(home);
  expect(meanwhile.ok ? "ok" : meanwhile.fault.code).toBe("in-use");
  holder.kill("SIGKILL");
  await once(holder, "exit");
  unwrap(lockDirectory(home)).release();
});
