import { type Bytes, concatBytes, unwrap, utf8 } from "@detente/basics";
import {
  encodeEntryBundle,
  inclusionProof,
  leafHash,
  MemoryTree,
  parseEntryBundle,
  verifyInclusion,
} from "@detente/tlog";
import { expect, test } from "vitest";
import { VolatileFileSystem } from "../testing/volatile-file-system.ts";
import { type FileOperation, InjectedFault, watchedFileSystem } from "./watched-file-system.ts";
import type { LogHead } from "../ports.ts";
import type { FileSystem } from "./file-system.ts";
import { LogStore } from "./log-store.ts";

const directory = "/data/logs/a";

async function open(fs: FileSystem, staged: "drop" | "keep" = "drop", publishEvery = 1): Promise<LogStore> {
  return unwrap(await LogStore.open({ directory, staged, fs, publishEvery }));
}

function entriesOf(from: number, to: number): Bytes[] {
  return Array.from({ length: to - from }, (_, i) => utf8(`entry ${from + i}`));
}

function treeOf(entries: readonly Bytes[]): MemoryTree {
  const tree = new MemoryTree();
  for (const entry of entries) tree.append(leafHash(entry));
  return tree;
}

function headOf(entries: readonly Bytes[], note = `head of ${entries.length}`): LogHead {
  return { size: entries.length, root: treeOf(entries).root(), note: utf8(note) };
}

async function append(log: LogStore, from: number, to: number): Promise<void> {
  const { size, root } = unwrap(await log.stage(entriesOf(from, to)));
  unwrap(await log.commitHead({ size, root, note: utf8(`head of ${size}`) }, log.size));
}

async function all(log: LogStore, from = 0, to = log.size): Promise<Bytes[]> {
  const entries: Bytes[] = [];
  for await (const entry of log.entries(from, to)) entries.push(Uint8Array.from(entry));
  return entries;
}

test("what is committed is there again after opening, what was only staged is not", async () => {
  const fs = new VolatileFileSystem();
  const log = await open(fs);
  expect([log.head, log.size, log.stagedSize]).toEqual([undefined, 0, 0]);
  await append(log, 0, 3);
  expect(unwrap(await log.stage(entriesOf(3, 5)))).toEqual({ size: 5, root: treeOf(entriesOf(0, 5)).root() });
  expect([log.size, log.stagedSize]).toEqual([3, 5]);
  await log.close();

  const own = await open(fs);
  expect([own.head, own.stagedSize]).toEqual([headOf(entriesOf(0, 3)), 3]);
  expect(await all(own)).toEqual(entriesOf(0, 3));
  await append(own, 3, 4);
  await own.close();
  expect((await open(fs, "keep")).stagedSize).toBe(4);
});

test("a mirror keeps what it had staged, so that an upload can go on", async () => {
  const fs = new VolatileFileSystem();
  const log = await open(fs, "keep");
  await append(log, 0, 2);
  unwrap(await log.stage(entriesOf(2, 6)));
  await log.close();
  const again = await open(fs, "keep");
  expect([again.size, again.stagedSize]).toEqual([2, 6]);
  unwrap(await again.commitHead(headOf(entriesOf(0, 4)), 2));
  await again.settled();
  expect(await all(again)).toEqual(entriesOf(0, 4));
  unwrap(await again.discardStaged());
  await again.close();
  expect((await open(fs, "keep")).stagedSize).toBe(4);
});

test("what is staged in place of what was discarded makes its own tree", async () => {
  const log = await open(new VolatileFileSystem());
  await append(log, 0, 5);
  const first = unwrap(await log.stage(entriesOf(5, 7)));
  expect(first.root).toEqual(treeOf(entriesOf(0, 7)).root());
  unwrap(await log.discardStaged());
  const other = [...entriesOf(0, 5), utf8("another"), utf8("entry")];
  const second = unwrap(await log.stage(other.slice(5)));
  expect(second.size).toBe(first.size);
  expect(second.root).toEqual(treeOf(other).root());
  const proof = inclusionProof(0, 7, log.hashReader(7));
  expect(verifyInclusion(0, 7, leafHash(utf8("entry 0")), proof, second.root).ok).toBe(true);
});

test("a head is refused unless it grows from the expected one and has the root of the entries here", async () => {
  const log = await open(new VolatileFileSystem());
  await append(log, 0, 4);
  unwrap(await log.stage(entriesOf(4, 6)));
  const codeOf = async (head: LogHead, expected: number): Promise<string> => {
    const result = await log.commitHead(head, expected);
    return result.ok ? "ok" : result.fault.code;
  };
  expect(await codeOf(headOf(entriesOf(0, 6)), 3)).toBe("stale-head");
  expect(await codeOf(headOf(entriesOf(0, 6)), 6)).toBe("stale-head");
  expect(await codeOf(headOf(entriesOf(0, 3)), 4)).toBe("rewind");
  expect(await codeOf(headOf(entriesOf(0, 7)), 4)).toBe("not-staged");
  expect(await codeOf(headOf(entriesOf(1, 5)), 4)).toBe("conflicting-root");
  expect(await codeOf(headOf(entriesOf(1, 7)), 4)).toBe("conflicting-root");
  expect(log.head).toEqual(headOf(entriesOf(0, 4)));
  expect(await codeOf(headOf(entriesOf(0, 4), "the same, cosigned"), 4)).toBe("ok");
  expect(await codeOf(headOf(entriesOf(0, 6)), 4)).toBe("ok");
  expect(await codeOf(headOf(entriesOf(0, 6)), 4)).toBe("stale-head");
});

test("of two heads that race from one size, one is committed", async () => {
  const log = await open(new VolatileFileSystem());
  unwrap(await log.stage(entriesOf(0, 2)));
  const results = await Promise.all([
    log.commitHead(headOf(entriesOf(0, 1)), 0),
    log.commitHead(headOf(entriesOf(0, 2)), 0),
  ]);
  expect(results.map((result) => (result.ok ? "ok" : result.fault.code))).toEqual(["ok", "stale-head"]);
});

test("entries, bundles, tiles and proofs are the same from memory, from files, and after opening", async () => {
  const fs = new VolatileFileSystem();
  const log = await open(fs);
  const size = 70_000;
  const expected = entriesOf(0, size);
  const tree = treeOf(expected);
  for (let from = 0; from < size; from += 9_000) await append(log, from, Math.min(size, from + 9_000));
  await log.settled();
  const reopened = await open(fs);
  for (const store of [log, reopened]) {
    for (const at of [1, 255, 256, 257, 65_535, 65_536, 65_537, size]) expect(store.rootAt(at)).toEqual(tree.root(at));
    for (const index of [0, 255, 256, 65_535, 69_631, 69_632, size - 1]) {
      expect(Uint8Array.from(await store.entry(index))).toEqual(expected[index]);
      const proof = inclusionProof(index, size, store.hashReader(size));
      expect(proof).toEqual(inclusionProof(index, size, tree.reader));
      const leaf = leafHash(expected[index] as Bytes);
      expect(verifyInclusion(index, size, leaf, proof, tree.root()).ok).toBe(true);
    }
    expect(await all(store, 100, 600)).toEqual(expected.slice(100, 600));
    expect(await all(store, 69_000, size)).toEqual(expected.slice(69_000));
    // tlog-tiles: 70,000 entries are 273 full tiles and one of 112, one full and one of 17 above, one of 1 on top.
    expect([await store.tile(0, 273, 112), await store.tile(0, 273, 113)]).toEqual([
      hashes(tree, 0, 69_888, 112),
      undefined,
    ]);
    expect([await store.tile(1, 1, 17), await store.tile(1, 1, 18)]).toEqual([hashes(tree, 8, 256, 17), undefined]);
    expect([await store.tile(2, 0, 1), await store.tile(2, 0, 2)]).toEqual([hashes(tree, 16, 0, 1), undefined]);
    expect(await store.tile(3, 0, 1)).toBeUndefined();
    expect(await store.tile(1, 0, 256)).toEqual(hashes(tree, 8, 0, 256));
    expect(await store.tile(0, 7, 3)).toEqual(hashes(tree, 0, 7 * 256, 3));
    expect(await store.entryBundle(2, 256)).toEqual(encodeEntryBundle(expected.slice(512, 768)));
    expect(unwrap(parseEntryBundle((await store.entryBundle(273, 112)) as Bytes, 112))).toEqual(expected.slice(69_888));
    expect([await store.entryBundle(273, 113), await store.entryBundle(274, 1)]).toEqual([undefined, undefined]);
  }
  expect(await fs.list(directory)).toEqual(["journal-69888.log", "tile"]);
});

function hashes(tree: MemoryTree, level: number, from: number, count: number): Bytes {
  return concatBytes(...Array.from({ length: count }, (_, i) => tree.reader(level, from + i)));
}

test("what is staged is not shown: neither as an entry, nor in a tile or bundle", async () => {
  const log = await open(new VolatileFileSystem());
  await append(log, 0, 2);
  unwrap(await log.stage(entriesOf(2, 4)));
  expect([await log.tile(0, 0, 3), await log.entryBundle(0, 3)]).toEqual([undefined, undefined]);
  await expect(log.entry(2)).rejects.toThrow("entry 2 of 2");
  await expect(all(log, 0, 3)).rejects.toThrow("entries 0..3 of 2");
});

test("a batch costs two writes and two fdatasyncs, whatever its size", async () => {
  const operations: string[] = [];
  const log = await open(
    watchedFileSystem(new VolatileFileSystem(), ({ kind }) => operations.push(kind)),
    "drop",
    1000,
  );
  for (const batch of [1, 100, 1000]) {
    operations.length = 0;
    await append(log, log.size, log.size + batch);
    expect(operations).toEqual(["write", "datasync", "write", "datasync"]);
  }
});

test.each(["EIO", "ENOSPC"])(
  "after %s nothing more is written, and nothing acknowledged is missing afterwards",
  async (code) => {
    for (const failing of ["write", "datasync"] as const) {
      for (const step of ["stage", "commit"] as const) {
        const disk = new VolatileFileSystem();
        let armed = false;
        let after = 0;
        const watch = ({ kind }: FileOperation): void => {
          if (after > 0) after++;
          if (!armed || kind !== failing) return;
          armed = false;
          after = 1;
          throw new InjectedFault(code, 20);
        };
        const log = await open(watchedFileSystem(disk, watch));
        await append(log, 0, 3);
        armed = step === "stage";
        const staged = await log.stage(entriesOf(3, 5));
        armed = step === "commit";
        const committed = await log.commitHead(headOf(entriesOf(0, 5)), 3);
        expect([staged.ok, committed.ok]).toEqual([step === "commit", false]);
        const later = await log.stage(entriesOf(5, 6));
        expect(later.ok ? "ok" : later.fault).toEqual(log.failure);
        expect(log.failure).toMatchObject({ code: "storage-failed", message: expect.stringContaining(directory) });
        expect(after, "operations after the failed one").toBe(1);
        expect(await all(log)).toEqual(entriesOf(0, 3));

        const again = await open(disk);
        expect(again.size === 3 || (step === "commit" && again.size === 5)).toBe(true);
        expect(await all(again)).toEqual(entriesOf(0, again.size));
        await append(again, again.size, 8);
        expect(again.rootAt(8)).toEqual(treeOf(entriesOf(0, 8)).root());
      }
    }
  },
);

test("a damaged journal, tile or bundle is refused with its place", async () => {
  const disk = new VolatileFileSystem();
  const log = await open(disk);
  await append(log, 0, 300);
  await append(log, 300, 310);
  await log.settled();
  await append(log, 310, 320);
  await log.close();
  const damage = async (path: string, at: number): Promise<() => Promise<void>> => {
    const file = await disk.open(`${directory}/${path}`, "existing");
    const before = await file.read(1, at);
    await file.write(Uint8Array.of((before[0] as number) ^ 1), at);
    return () => file.write(before, at);
  };

  const repairJournal = await damage("journal-256.log", 60);
  const refused = await LogStore.open({ directory, staged: "drop", fs: disk });
  expect(refused.ok ? "ok" : refused.fault).toMatchObject({
    code: "corrupt",
    message: expect.stringMatching(/journal-256\.log: damaged at byte \d+.*mirrors/),
  });
  await repairJournal();

  const repairTile = await damage("tile/0/000", 100);
  const other = await LogStore.open({ directory, staged: "drop", fs: disk });
  expect(other.ok ? "ok" : other.fault).toMatchObject({ code: "corrupt" });
  await repairTile();

  const repairBundle = await damage("tile/entries/000", 4);
  const opened = await open(disk);
  await expect(opened.entry(0)).rejects.toThrow(/tile\/entries\/000: entry 0/);
  await repairBundle();
  expect(await all(opened)).toEqual(entriesOf(0, 320));
});

test("tiles without a journal are no empty log", async () => {
  const disk = new VolatileFileSystem();
  const log = await open(disk);
  await append(log, 0, 300);
  await log.close();
  for (const name of await disk.list(directory))
    if (name.startsWith("journal")) await disk.remove(`${directory}/${name}`);
  const refused = await LogStore.open({ directory, staged: "drop", fs: disk });
  expect(refused.ok ? "ok" : refused.fault.code).toBe("corrupt");
});

test("a log set aside is kept whole with the reason, and makes room for a new one", async () => {
  const disk = new VolatileFileSystem();
  for (const n of [1, 2]) {
    const log = await open(disk);
    expect(log.size).toBe(0);
    await append(log, 0, 300 + n);
    const place = unwrap(await log.setAside("/data/evidence", "two heads of one size"));
    expect(place).toBe(`/data/evidence/a-${n}`);
    expect((await log.stage(entriesOf(0, 1))).ok).toBe(false);
    const kept = unwrap(await LogStore.open({ directory: place, staged: "keep", fs: disk }));
    expect(await all(kept)).toEqual(entriesOf(0, 300 + n));
    expect(await disk.readFile(`${place}/reason.txt`)).toEqual(utf8("two heads of one size"));
  }
});
