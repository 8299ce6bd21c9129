import { type Bytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { expect, test } from "vitest";
import { VolatileFileSystem } from "../testing/volatile-file-system.ts";
import { InjectedFault, watchedFileSystem } from "./watched-file-system.ts";
import { BlobStore } from "./blob-store.ts";
import type { FileSystem } from "./file-system.ts";

const directory = "/data/blobs";
const content = utf8("the items of a share");
const digest = sha256(content);
const lose = (): boolean => true;

async function open(fs: FileSystem): Promise<BlobStore> {
  return unwrap(await BlobStore.open({ directory, fs, maxBytes: 100 }));
}

async function* chunks(bytes: Bytes, length = 7): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function read(store: BlobStore): Promise<Bytes | undefined> {
  const blob = await store.get(digest);
  if (blob === undefined) return undefined;
  const parts: Bytes[] = [];
  for await (const part of blob.content) parts.push(part);
  expect(blob.size).toBe(content.length);
  return Uint8Array.from(Buffer.concat(parts));
}

test("a blob is there once it was put, also after the power went; putting it again does not read the source", async () => {
  const disk = new VolatileFileSystem();
  const store = await open(disk);
  expect([await store.has(digest), await read(store)]).toEqual([false, undefined]);
  unwrap(await store.put(digest, content.length, chunks(content)));
  disk.powerCut(lose);
  const again = await open(disk);
  expect([await again.has(digest), await read(again)]).toEqual([true, content]);
  unwrap(await again.put(digest, content.length, failing()));
});

// eslint-disable-next-line require-yield -- a source that fails before it gives anything
async function* failing(): AsyncGenerator<Bytes> {
  throw new Error("connection lost");
}

test("what does not come as announced is refused, and nothing of it stays", async () => {
  const disk = new VolatileFileSystem();
  const store = await open(disk);
  const codeOf = async (size: number, source: AsyncIterable<Bytes>): Promise<string> => {
    const result = await store.put(digest, size, source);
    return result.ok ? "ok" : result.fault.code;
  };
  expect(await codeOf(101, chunks(content))).toBe("too-large");
  expect(await codeOf(content.length + 1, chunks(content))).toBe("wrong-size");
  expect(await codeOf(content.length, chunks(content.map((byte) => byte ^ 1)))).toBe("wrong-digest");
  expect(await codeOf(content.length, failing())).toBe("source-failed");
  let given = 0;
  let ended = false;
  async function* endless(): AsyncGenerator<Bytes> {
    try {
      for (;;) yield new Uint8Array(++given && 7);
    } finally {
      ended = true;
    }
  }
  expect(await codeOf(content.length, endless())).toBe("wrong-size");
  expect([given, ended]).toEqual([3, true]);
  expect(await disk.list(`${directory}/incoming`)).toEqual([]);
  expect(await store.has(digest)).toBe(false);
});

test("an erased blob is gone, stays gone, and is not taken in again", async () => {
  const disk = new VolatileFileSystem();
  const store = await open(disk);
  unwrap(await store.put(digest, content.length, chunks(content)));
  unwrap(await store.erase(digest));
  unwrap(await store.erase(digest));
  disk.powerCut(lose);
  for (const one of [store, await open(disk)]) {
    expect([await one.has(digest), await read(one), await one.isErased(digest)]).toEqual([false, undefined, true]);
    expect(await one.put(digest, content.length, chunks(content))).toMatchObject({ fault: { code: "erased" } });
  }
  expect(await disk.list(`${directory}/${toHex(digest).slice(0, 2)}`)).toEqual([]);
});

test("a blob that is erased while it comes in does not come back", async () => {
  const store = await open(new VolatileFileSystem());
  async function* slow(): AsyncGenerator<Bytes> {
    yield content.subarray(0, 5);
    unwrap(await store.erase(digest));
    yield content.subarray(5);
  }
  expect(await store.put(digest, content.length, slow())).toMatchObject({ fault: { code: "erased" } });
  expect(await store.has(digest)).toBe(false);
});

test.each(["put", "erase"])("stopped at any operation of %s, the blob is there in full or not at all", async (step) => {
  let stopped = true;
  for (let stopAt = 0; stopped; stopAt++) {
    for (const powerGoes of [false, true]) {
      const disk = new VolatileFileSystem();
      let left = Infinity;
      stopped = false;
      const watch = (): void => {
        if (left-- > 0) return;
        stopped = true;
        throw new InjectedFault("EIO", 3);
      };
      const store = await open(watchedFileSystem(disk, watch));
      if (step === "erase") unwrap(await store.put(digest, content.length, chunks(content)));
      left = stopAt;
      const result =
        step === "put" ? await store.put(digest, content.length, chunks(content)) : await store.erase(digest);
      if (powerGoes) disk.powerCut(lose);
      const again = await open(disk);
      const found = await read(again);
      expect(found === undefined || Buffer.from(found).equals(content)).toBe(true);
      // Where the step was not acknowledged, either will do; where it was, only its outcome.
      expect([step === "erase", !result.ok && found === undefined]).toContain(found === undefined);
      expect(await again.isErased(digest)).toBe(step === "erase" && found === undefined);
      expect(await disk.list(`${directory}/incoming`)).toEqual([]);
    }
  }
});
