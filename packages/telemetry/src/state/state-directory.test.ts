import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect, unwrap } from "@detente/basics";
import { InjectedFault, nodeFileSystem, watchedFileSystem } from "@detente/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Tracker } from "../content/tracker.ts";
import type { HitRecord } from "../hit-record.ts";
import { IndicatorKeys } from "../watch-list/indicator-keys.ts";
import type { Entry } from "./entry.ts";
import { StateDirectory } from "./state-directory.ts";
import { StateFailed } from "./state-files.ts";

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

  it("forgets hits that were counted, and no others; places in the journal stay what they are", async () => {
    const first = await open();
    await first.append([hit("a"), hit("b")]);
    await first.commit(entry("1"));
    const end = first.committed;
    await first.forget(end - 1);
    await first.append([hit("c")]);
    await first.forget(end);
    expect(await journal()).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
    await first.rollback();
    await first.forget(end);
    expect([await journal(), first.committed]).toEqual(["", end]);
    await first.append([hit("d")]);
    await first.commit(entry("2"));
    await first.close();
    const second = await open();
    const batches = await collect(second.hits<null>(end));
    expect(batches.flatMap(({ hits }) => hits)).toEqual([hit("d")]);
    expect(batches.at(-1)?.end).toBe(second.committed);
    expect((await collect(second.hits<null>(0))).flatMap(({ hits }) => hits)).toEqual([hit("d")]);
    await second.close();
  });

  it("forgets all or nothing of them, wherever the process stops", async () => {
    for (let at = 1, isDone = false; !isDone; at++) {
      await rm(dir, { recursive: true });
      const made = await open();
      await made.append([hit("a")]);
      await made.commit(entry("1"));
      const end = made.committed;
      await made.close();
      let left = Number.POSITIVE_INFINITY;
      const fs = watchedFileSystem(nodeFileSystem, () => {
        if (left-- <= 0) throw new InjectedFault("EIO");
      });
      const state = unwrap(await StateDirectory.open(dir, { fs }));
      left = at - 1;
      isDone = await state.forget(end).then(
        () => true,
        () => false,
      );
      left = Number.POSITIVE_INFINITY;
      await state.close();
      const again = await open();
      const kept = (await collect(again.hits<null>(0))).flatMap(({ hits }) => hits);
      expect(again.committed).toBe(end);
      expect(kept).toEqual((await journal()) === "" ? [] : [hit("a")]);
      expect((await collect(again.hits<null>(end))).length).toBe(0);
      await again.append([hit("b")]);
      await again.commit(entry("2"));
      expect((await collect(again.hits<null>(end))).flatMap(({ hits }) => hits)).toEqual([hit("b")]);
      await again.close();
    }
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
    await state.lists.keep(one);
    await state.lists.keep(two);
    await state.dropListsBut(two.version);
    expect(await readdir(path("lists"))).toEqual([`${two.version}.keys`]);
    await state.close();
    const again = await open();
    expect((await again.lists.get(two.version)).has({ kind: "domain", value: "two.example" })).toBe(true);
    await expect(again.lists.get(one.version)).rejects.toThrow(StateFailed);
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
