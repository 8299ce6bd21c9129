import { assert, type Bytes, sha256, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { VolatileFileSystem } from "../testing/volatile-file-system.ts";
import { InjectedFault, watchedFileSystem } from "./watched-file-system.ts";
import { BodyStore } from "./body-store.ts";
import type { FileSystem } from "./file-system.ts";

const directory = "/data/bodies";

async function open(fs: FileSystem, packBytes = 300): Promise<BodyStore> {
  return unwrap(await BodyStore.open({ directory, fs, packBytes }));
}

function bodiesOf(from: number, to: number): Bytes[] {
  return Array.from({ length: to - from }, (_, i) => utf8(`body ${from + i}`));
}

async function held(store: BodyStore, bodies: readonly Bytes[]): Promise<boolean[]> {
  return Promise.all(
    bodies.map(async (body) => {
      const found = await store.get(sha256(body));
      expect(Buffer.from(found ?? body).equals(body)).toBe(true);
      expect(store.has(sha256(body))).toBe(found !== undefined);
      return found !== undefined;
    }),
  );
}

test("bodies are found by digest, over several packs, before and after opening", async () => {
  const fs = new VolatileFileSystem();
  const store = await open(fs);
  for (let i = 0; i < 30; i += 3) {
    expect(unwrap(await store.put(bodiesOf(i, i + 3)))).toEqual(bodiesOf(i, i + 3).map((body) => sha256(body)));
  }
  const again = await open(fs);
  for (const one of [store, again]) {
    expect(await held(one, bodiesOf(0, 31))).toEqual([...Array.from({ length: 30 }, () => true), false]);
  }
  expect(await fs.list(directory)).toEqual(["000000.pack", "000001.pack", "000002.pack", "000003.pack", "000004.pack"]);
});

test("a body that is held costs nothing; bodies put at once share one write and one sync", async () => {
  const operations: string[] = [];
  const fs = watchedFileSystem(new VolatileFileSystem(), ({ kind }) => operations.push(kind));
  const store = await open(fs, 1e6);
  unwrap(await store.put(bodiesOf(0, 1)));
  operations.length = 0;
  const results = await Promise.all([bodiesOf(0, 3), bodiesOf(1, 5), [utf8("x"), utf8("x")]].map((b) => store.put(b)));
  expect(results.every((result) => result.ok)).toBe(true);
  expect(operations).toEqual(["write", "datasync"]);
  operations.length = 0;
  unwrap(await store.put(bodiesOf(0, 5)));
  expect(operations).toEqual([]);
});

/** Puts batches of the given sizes until the disk stops; gives how many bodies were acknowledged. */
async function putUntilStopped(fs: FileSystem, sizes: readonly number[]): Promise<number> {
  const opened = await BodyStore.open({ directory, fs, packBytes: 100 });
  if (!opened.ok) return 0;
  const store = opened.value;
  let acknowledged = 0;
  for (const size of sizes) {
    const result = await store.put(bodiesOf(acknowledged, acknowledged + size));
    if (result.ok) acknowledged += size;
    else
      assert(result.fault === store.failure && !(await store.put([utf8("later")])).ok, "a store that failed stays so");
  }
  return acknowledged;
}

test("stopped at any operation, with any part of the unsynced lost: what was acknowledged is there", async () => {
  const batches = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 });
  const lost = fc.array(fc.boolean(), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(20), lost, async (sizes, stopAt, losses) => {
      const disk = new VolatileFileSystem();
      let left = stopAt;
      const fs = watchedFileSystem(disk, ({ bytes }) => {
        if (left-- <= 0) throw new InjectedFault("ENOSPC", Math.floor(bytes / 2));
      });
      const acknowledged = await putUntilStopped(fs, sizes);
      let asked = 0;
      if (losses.length > 0) disk.powerCut(() => losses[asked++ % losses.length] as boolean);
      const again = await open(disk);
      expect((await held(again, bodiesOf(0, acknowledged))).every((one) => one)).toBe(true);
      unwrap(await again.put([utf8("more")]));
      disk.powerCut(() => true);
      const last = await open(disk);
      expect(await held(last, [...bodiesOf(0, acknowledged), utf8("more")])).not.toContain(false);
    }),
    { numRuns: 100 },
  );
});

test("a body that is visible after a kill is synced before it is said to be there", async () => {
  const disk = new VolatileFileSystem();
  const fs = watchedFileSystem(disk, ({ kind }) => {
    if (kind === "datasync") throw new InjectedFault("EIO");
  });
  expect((await (await open(fs)).put(bodiesOf(0, 1))).ok).toBe(false);
  expect(await held(await open(disk), bodiesOf(0, 1))).toEqual([true]);
  disk.powerCut(() => true);
  expect(await held(await open(disk), bodiesOf(0, 1))).toEqual([true]);
});

test("a damaged pack is refused with its place when it is scanned, and named when it is read", async () => {
  const disk = new VolatileFileSystem();
  const store = await open(disk, 1e6);
  unwrap(await store.put(bodiesOf(0, 2)));
  unwrap(await store.put(bodiesOf(2, 4)));
  const file = await disk.open(`${directory}/000000.pack`, "existing");
  await file.write(Uint8Array.of(0xff), 50);
  await expect(store.get(sha256(utf8("body 0")))).rejects.toThrow(/corrupt: .*000000\.pack at byte 45/);
  const refused = await BodyStore.open({ directory, fs: disk });
  expect(refused.ok ? "ok" : refused.fault).toMatchObject({
    code: "corrupt",
    message: expect.stringContaining("byte 0"),
  });
});
