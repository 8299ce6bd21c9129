import { assert, type Bytes, unwrap, utf8 } from "@detente/basics";
import { leafHash, MemoryTree } from "@detente/tlog";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { VolatileFileSystem } from "../testing/volatile-file-system.ts";
import { InjectedFault, watchedFileSystem } from "./watched-file-system.ts";
import { LogStore } from "./log-store.ts";

/*
 * A workload runs against a disk that stops at its n-th operation, as after kill -9, EIO or ENOSPC. The disk is then
 * either left as it is or loses what was never synced; the log is opened again and must hold what was acknowledged.
 */

const directory = "/data/logs/a";

/** What the outside world was told, and what it may see again without having been told. */
interface Told {
  acknowledged: number;
  attempted: number;
}

function entryOf(generation: number, index: number): Bytes {
  return utf8(`${generation}:${index}`);
}

/** Opens, checks that `expected` is there, and appends batches until the disk stops. Gives the entries committed. */
async function live(
  disk: VolatileFileSystem,
  expected: readonly Bytes[],
  told: Told,
  generation: number,
  batches: readonly number[],
  stopAt: number,
): Promise<Bytes[]> {
  let left = stopAt;
  let stopped = false;
  const fs = watchedFileSystem(disk, ({ bytes }) => {
    if (stopped || left-- > 0) return stopped ? fail(0) : undefined;
    stopped = true;
    fail(Math.floor(bytes / 2));
  });
  const opened = await LogStore.open({ directory, staged: "drop", fs, publishEvery: 1 });
  if (!opened.ok) {
    assert(stopped && opened.fault.code === "storage-failed", opened.fault.message);
    return [...expected];
  }
  const log = opened.value;
  const either = log.size === told.acknowledged || log.size === told.attempted;
  assert(either, `size ${log.size} where ${JSON.stringify(told)}`);
  const entries = expected.slice(0, log.size);
  // Whoever asks the opened log now is shown this head: from here on it may not be lost either.
  told.acknowledged = told.attempted = log.size;
  await check(log, entries);
  for (const batch of batches) {
    const added = Array.from({ length: batch }, (_, i) => entryOf(generation, entries.length + i));
    const staged = await log.stage(added);
    if (!staged.ok) break;
    entries.push(...added);
    told.attempted = entries.length;
    const committed = await log.commitHead({ ...staged.value, note: utf8(`${entries.length}`) }, log.size);
    if (!committed.ok) break;
    told.acknowledged = entries.length;
    if (batch % 2 === 0) await log.settled();
  }
  await log.settled();
  return entries;
}

function fail(written: number): never {
  throw new InjectedFault("EIO", written);
}

async function check(log: LogStore, expected: readonly Bytes[]): Promise<void> {
  const tree = new MemoryTree();
  for (const entry of expected) tree.append(leafHash(entry));
  expect(log.rootAt(log.size)).toEqual(tree.root());
  const found: Bytes[] = [];
  for await (const entry of log.entries(0, log.size)) found.push(Uint8Array.from(entry));
  expect(found).toEqual(expected);
  expect(log.head?.note ?? utf8("0")).toEqual(utf8(`${log.size}`));
}

/** A workload that stages, commits, publishes and rotates: its operations are counted once, then each is failed. */
const BATCHES = [3, 254, 1, 2, 254, 5];
const TOTAL = 519;

test.each([
  ["the process is killed, and the power goes while the next is idle", false, []],
  ["the process is killed, and the power goes once the next has appended", false, [2]],
  ["the power goes", true, [2]],
])("stopped at every single operation: %s", async (_, powerGoes, batches) => {
  const told: Told = { acknowledged: 0, attempted: 0 };
  const loseAll = (): boolean => true;
  let stopAt = 0;
  for (; told.acknowledged < TOTAL; stopAt++) {
    Object.assign(told, { acknowledged: 0, attempted: 0 });
    const disk = new VolatileFileSystem();
    const entries = await live(disk, [], told, 0, BATCHES, stopAt);
    if (powerGoes) disk.powerCut(loseAll);
    const again = { ...told };
    const more = await live(disk, entries, again, 1, batches, Infinity);
    expect(again.acknowledged).toBe(more.length);
    disk.powerCut(loseAll);
    await live(disk, more, again, 2, [], Infinity);
  }
  // Six batches of two writes and two syncs, and what publishing and rotating cost.
  expect(stopAt).toBeGreaterThan(40);
});

test("stopped anywhere, several times, with any part of the unsynced sectors and names lost", async () => {
  const life = fc.record({
    batches: fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(255, 256, 257)), { maxLength: 6 }),
    stopAt: fc.nat(70),
    // None: the process is killed and the power stays on.
    lost: fc.array(fc.boolean(), { maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
      const disk = new VolatileFileSystem();
      const told: Told = { acknowledged: 0, attempted: 0 };
      let entries: Bytes[] = [];
      for (const [generation, { batches, stopAt, lost }] of lives.entries()) {
        entries = await live(disk, entries, told, generation, batches, stopAt);
        let asked = 0;
        if (lost.length > 0) disk.powerCut(() => lost[asked++ % lost.length] as boolean);
      }
      const last = await live(disk, entries, told, lives.length, [1], Infinity);
      expect(told.acknowledged).toBe(last.length);
    }),
    { numRuns: 60 },
  );
});

test("a journal cut at any byte behind the last head opens with that head", async () => {
  const disk = new VolatileFileSystem();
  const log = unwrap(await LogStore.open({ directory, staged: "drop", fs: disk }));
  const first = unwrap(await log.stage([utf8("a"), utf8("b")]));
  unwrap(await log.commitHead({ ...first, note: utf8("2") }, 0));
  const path = `${directory}/journal-0.log`;
  const durable = (await disk.size(path)) as number;
  const second = unwrap(await log.stage([utf8("c"), utf8("d")]));
  unwrap(await log.commitHead({ ...second, note: utf8("4") }, 2));
  const whole = await disk.readFile(path);
  for (let cut = durable; cut <= whole.length; cut++) {
    const file = await disk.open(path, "create");
    await file.write(whole.subarray(0, cut), 0);
    const again = unwrap(await LogStore.open({ directory, staged: "drop", fs: disk }));
    expect(again.size).toBe(cut === whole.length ? 4 : 2);
    const next = unwrap(await again.stage([utf8("e")]));
    unwrap(await again.commitHead({ ...next, note: utf8(`${next.size}`) }, again.size));
    await again.close();
    const last = unwrap(await LogStore.open({ directory, staged: "drop", fs: disk }));
    expect(last.size).toBe(cut === whole.length ? 5 : 3);
    await last.close();
  }
});
