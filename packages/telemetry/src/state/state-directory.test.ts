import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { InjectedFault, nodeFileSystem, watchedFileSystem } from "@detente/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Tracker } from "../content/tracker.ts";
import type { HitRecord } from "../hit-record.ts";
import { IndicatorKeys } from "../watch-list/indicator-keys.ts";
import type { Entry } from "./entry.ts";
import { StateDirectory, StateFailed } from "./state-directory.ts";

let dir: string;
const path = (name: string): string => join(dir, name);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-state-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const open = async (): Promise<StateDirectory> => unwrap(await StateDirectory.open(dir));
const hit = (id: string): HitRecord<null> => ({ id }) as unknown as HitRecord<null>;
const journal = (): Promise<string> => readFile(path("hits.jsonl"), "utf8");

function entry(digit: string): Omit<Entry, "journal"> {
  const file = { name: "log", path: "log", dev: "1", ino: "2", size: "", mtime: "" };
  const read = new Tracker().fingerprint();
  return { v: 1, id: digit.repeat(32), serial: 0, ...file, format: null, read, parts: [], rest: null };
}

describe("StateDirectory", () => {
  it("keeps hits with the entry that covers them, and drops what was appended without one", async () => {
    const first = await open();
    await first.append([hit("a"), hit("b")]);
    const committed = await first.commit(entry("1"));
    await first.append([hit("c")]);
    await first.close();
    await appendFile(path("hits.jsonl"), '{"id":"tor');
    const second = await open();
    expect(await journal()).toBe('{"id":"a"}\n{"id":"b"}\n');
    expect(second.entries()).toEqual([committed]);
    await second.append([hit("d")]);
    await second.rollback();
    await second.append([hit("e")]);
    await second.commit(entry("2"));
    await second.close();
    expect(await journal()).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"e"}\n');
  });

  it("remembers when it was made", async () => {
    const made = unwrap(await StateDirectory.open(dir, { now: () => 12_345 }));
    await made.close();
    const again = await open();
    expect(again.began).toBe(12_345);
    await again.close();
  });

  it("is for one at a time", async () => {
    const held = await open();
    expect(await StateDirectory.open(dir)).toMatchObject({ ok: false, fault: { code: "in-use" } });
    await held.close();
    await (await open()).close();
  });

  it.each([
    ["an entry that nobody wrote", () => writeFile(path(`inputs/${"1".repeat(32)}.json`), '{"v":1}\n')],
    ["an entry that is not JSON", () => writeFile(path(`inputs/${"1".repeat(32)}.json`), "{")],
    ["a journal that lost hits", () => truncate(path("hits.jsonl"), 3)],
    ["a journal that is gone", () => rm(path("hits.jsonl"))],
    ["a file about itself that is damaged", () => writeFile(path("state.json"), "{}")],
  ])("refuses %s, names the file and lets go of it", async (_, damage) => {
    const state = await open();
    await state.append([hit("a")]);
    await state.commit(entry("2"));
    await state.close();
    await damage();
    const opened = await StateDirectory.open(dir);
    const message = expect.stringMatching(`^${dir}/\\S+: .* — .*another directory$`) as string;
    expect(opened).toEqual({ ok: false, fault: { code: "broken", message } });
    expect(await StateDirectory.open(dir)).toMatchObject({ fault: { code: "broken" } });
  });

  it("keeps the lists that something was screened for, and says so when one is lost", async () => {
    const [one, two] = ["one.example", "two.example"].map((value) => IndicatorKeys.of([{ kind: "domain", value }]));
    if (one === undefined || two === undefined) throw new Error("two lists");
    const state = await open();
    await state.keepList(one);
    await state.keepList(two);
    await state.dropListsBut(two.version);
    expect(await readdir(path("lists"))).toEqual([`${two.version}.keys`]);
    await state.close();
    const again = await open();
    expect((await again.list(two.version)).has({ kind: "domain", value: "two.example" })).toBe(true);
    await expect(again.list(one.version)).rejects.toThrow(StateFailed);
    await again.close();
  });

  it("says that the disk is full", async () => {
    let isFull = false;
    const fs = watchedFileSystem(nodeFileSystem, ({ kind }) => {
      if (isFull && kind === "write") throw new InjectedFault("ENOSPC");
    });
    const state = unwrap(await StateDirectory.open(dir, { fs }));
    isFull = true;
    await expect(state.append([hit("a")])).rejects.toThrow(`${dir}: cannot be written: the disk is full — make room`);
    await state.close();
  });
});
