import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  buildFailingDisk,
  failingDisk,
  type Mode,
  type Operation,
  readOperations,
  whyNoFailingDisk,
} from "./failing-disk.ts";

const why = whyNoFailingDisk();

/** Each line is one operation; `a` holds "old" before, durably. */
const SCRIPT = `
  const fs = require("node:fs"), say = (code) => process.stdout.write(code + " ");
  const attempt = (work) => { try { work(); say("ok"); } catch (error) { say(error.code); } };
  process.chdir(process.argv[1]);
  const dir = fs.openSync(process.argv[1], "r"), path = (name) => process.argv[1] + "/" + name;
  const a = fs.openSync(path("a"), "r+");
  attempt(() => fs.writeSync(a, "first-", 0));                        // 1
  attempt(() => fs.fdatasyncSync(a));                                 // 2
  attempt(() => fs.writevSync(a, [Buffer.from("sec"), Buffer.from("ond-")], 6)); // 3
  let b; attempt(() => { b = fs.openSync(path("b"), "wx+"); });       // 4
  attempt(() => fs.writeSync(b ?? a, "content"));                     // 5
  attempt(() => fs.fsyncSync(b ?? a));                                // 6
  attempt(() => fs.renameSync(path("b"), path("a2")));                // 7
  attempt(() => fs.fsyncSync(dir));                                   // 8
  attempt(() => fs.renameSync(path("a2"), path("a")));                // 9
  attempt(() => fs.unlinkSync(path("c")));                            // 10
  attempt(() => fs.ftruncateSync(a, 2));                              // 11
  if (process.argv[2]) fs.unlinkSync(path("power-goes-now"));
`;

describe.skipIf(why !== undefined)(`a failing disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let root: string;
  let library: string;
  let dir: string;

  beforeAll(() => {
    root = mkdtempSync(`${tmpdir()}/failing-disk-`);
    library = buildFailingDisk(root);
  });
  afterAll(() => rmSync(root, { recursive: true }));
  beforeEach(() => {
    dir = mkdtempSync(`${root}/run-`);
    mkdirSync(`${dir}/data`);
    writeFileSync(`${dir}/data/a`, "old");
    writeFileSync(`${dir}/data/c`, "c");
  });

  function run(mode: Mode, at: number, power = false): { said: string[]; killed: boolean; operations: Operation[] } {
    const env = { ...process.env, ...failingDisk(library, `${dir}/data`, `${dir}/log`, { mode, at }) };
    const { stdout, stderr, signal } = spawnSync(
      process.execPath,
      ["-e", SCRIPT, `${dir}/data`, ...(power ? ["power"] : [])],
      {
        env,
        encoding: "utf8",
      },
    );
    expect(stderr).toBe("");
    return {
      said: stdout.trim().split(" ").filter(Boolean),
      killed: signal === "SIGKILL",
      operations: readOperations(`${dir}/log`),
    };
  }

  function held(): Record<string, string | undefined> {
    const content = (name: string): string | undefined =>
      existsSync(`${dir}/data/${name}`) ? readFileSync(`${dir}/data/${name}`, "utf8") : undefined;
    return { a: content("a"), a2: content("a2"), b: content("b"), c: content("c") };
  }

  test("sees every operation, and leaves them alone where it is to strike none", () => {
    const { said, killed, operations } = run("before", 0);
    expect([said.every((one) => one === "ok"), killed]).toEqual([true, false]);
    expect(operations.map(({ kind, bytes, path }) => `${kind} ${bytes} ${path}`)).toEqual([
      "write 6 /a",
      "fdatasync 0 /a",
      "write 7 /a",
      "create 0 /b",
      "write 7 /b",
      "fsync 0 /b",
      "rename 0 /a2",
      "fsync 0 ",
      "rename 0 /a",
      "unlink 0 /c",
      // The file that was open: another has its name by now.
      "truncate 0 /a (deleted)",
    ]);
    expect(held()).toEqual({ a: "content", a2: undefined, b: undefined, c: undefined });
  });

  test.each<[Mode, number, ReturnType<typeof held>]>([
    ["before", 1, { a: "old", c: "c" }],
    ["after", 1, { a: "first-", c: "c" }],
    ["half", 1, { a: "fir", c: "c" }],
    ["half", 2, { a: "first-sec", c: "c" }],
    ["before", 9, { a: "first-second-", a2: "content", c: "c" }],
    ["after", 9, { a: "content", c: "c" }],
    // What was synced stays, and nothing else.
    ["power", 2, { a: "old", c: "c" }],
    ["power", 3, { a: "first-", c: "c" }],
    ["power", 7, { a: "first-", c: "c" }],
    ["power", 9, { a: "first-", a2: "content", c: "c" }],
    ["power", 11, { a: "first-", a2: "content", c: "c" }],
    ["power-data", 6, { a: "first-", b: "", c: "c" }],
    ["power-data", 8, { a: "first-", a2: "content", c: "c" }],
    ["power-data", 11, { a: "content" }],
  ])("kills with %s at %i", (mode, at, expected) => {
    const { killed, operations } = run(mode, at);
    expect(killed).toBe(true);
    expect(operations.at(-1)?.struck).toBe(true);
    expect(held()).toEqual({ a: undefined, a2: undefined, b: undefined, c: undefined, ...expected });
  });

  test.each<[Mode, number, string]>([
    ["eio-once", 2, "ok EIO ok ok ok ok ok ok ok ok ok"],
    ["eio-on", 9, "ok ok ok ok ok ok ok ok EIO EIO EIO"],
    ["enospc-once", 4, "ok ok ok ENOSPC ok ok ENOENT ok ENOENT ok ok"],
    // A write that finds some room is short, and no error; what needs no room goes on.
    ["enospc-on", 5, "ok ok ok ok ok ENOSPC ENOSPC ENOSPC ENOSPC ok ok"],
  ])("fails with %s at %i", (mode, at, expected) => {
    const { said, killed } = run(mode, at);
    expect([said.join(" "), killed]).toEqual([expected, false]);
  });

  test("a disk that is full has taken what there was room for", () => {
    run("enospc-on", 5);
    expect(held()).toMatchObject({ b: "con", c: undefined });
  });

  test("what a failed sync was to make durable is lost with the power, though a later one succeeds", () => {
    const { said } = run("eio-lost", 6, true);
    expect(said.join(" ")).toBe("ok ok ok ok ok EIO ok ok ok ok ok");
    expect(held()["a"]).toBe("\0".repeat("content".length));
  });
});
