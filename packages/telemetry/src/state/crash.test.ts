import { appendFile, copyFile, rename, truncate, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { type FileOperation, type FileSystem, InjectedFault, nodeFileSystem, watchedFileSystem } from "@detente/store";
import { expect, it } from "vitest";
import { Desk, lineOf, listOf, upTo } from "../testing/desk.ts";

/** Without syncs, which cost the most and make no difference to a process that stops. */
const quick: FileSystem = {
  ...nodeFileSystem,
  syncDirectory: async () => undefined,
  open: async (path, how) => ({ ...(await nodeFileSystem.open(path, how)), datasync: async () => undefined }),
};

/** The process stops before its operation `at` on the state, or in the middle of it where it is a write. */
class Crash {
  readonly operations: FileOperation[] = [];
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  readonly before = (operation: FileOperation): void => {
    this.operations.push(operation);
    if (this.operations.length < this.at) return;
    // The first that fails is cut in half, and nothing comes after it.
    throw new InjectedFault("EIO", this.operations.length === this.at ? Math.floor(operation.bytes / 2) : 0);
  };
}

/** Four runs, and what happens to the logs in between: rotation, packing, copytruncate, and a longer list. */
async function story(desk: Desk, run: () => Promise<void>): Promise<void> {
  await desk.write("log", 1, 2);
  await appendFile(desk.path("log"), lineOf(3).trimEnd());
  await run();
  await appendFile(desk.path("log"), "\n");
  await desk.write("log", 4);
  await rename(desk.path("log"), desk.path("log.1"));
  await desk.write("log", 5, 6);
  await run();
  await copyFile(desk.path("log"), desk.path("log.2"));
  await truncate(desk.path("log"), 0);
  await desk.write("log", 7, 8, 9, 10);
  await writeFile(desk.path("old.gz"), gzipSync(`${upTo(13, 11).map(lineOf).join("")}also.example\n`));
  await run();
  desk.list = listOf("evil.example", "also.example");
  await run();
}

/** Each seventh operation, unless asked for all: `DETENTE_KILLS=200 npm test -- packages/telemetry`. */
const STEP = process.env["DETENTE_KILLS"] === undefined ? 7 : 1;
const NAMES = ["log", "old.gz"];
const FOUND = [...upTo(13).map((number) => `n${number}.evil.example`), "also.example"].sort();

async function found(desk: Desk): Promise<string[]> {
  return (await desk.journal()).map(({ match }) => match).sort();
}

it("each hit is in the journal once, wherever the process stops", async () => {
  const whole = new Crash(Number.POSITIVE_INFINITY);
  const first = await Desk.make();
  await story(first, () => first.screen(NAMES, watchedFileSystem(quick, whole.before)));
  expect(await found(first)).toEqual(FOUND);
  await first.remove();
  expect(whole.operations.length).toBeGreaterThan(100);

  for (let at = 1; at <= whole.operations.length; at += STEP) {
    const desk = await Desk.make();
    const crash = new Crash(at);
    let isDead = false;
    await story(desk, async () => {
      if (!isDead) {
        const fs = watchedFileSystem(quick, crash.before);
        isDead = await desk.screen(NAMES, fs).then(
          () => false,
          () => true,
        );
        if (!isDead) return;
      }
      await desk.screen(NAMES, quick);
    });
    const { kind, path } = crash.operations[at - 1] as FileOperation;
    const where = `before ${kind} of ${path.replace(desk.dir, "")}, operation ${at}`;
    expect({ where, isDead, found: await found(desk) }).toEqual({ where, isDead: true, found: FOUND });
    const ids = (await desk.journal()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await desk.remove();
  }
});
