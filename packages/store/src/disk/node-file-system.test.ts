import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, sha256, unwrap, utf8 } from "@detente/basics";
import { leafHash, MemoryTree, type MirrorLog } from "@detente/tlog";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlobStore } from "./blob-store.ts";
import { BodyStore } from "./body-store.ts";
import { LogStore } from "./log-store.ts";

/* The stores on a real disk; what they survive is shown on one that can be made to fail. */

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "store-"));
});

afterEach(() => rmSync(home, { recursive: true }));

test("10^5 entries have the roots of a tree in memory, before and after opening; it is a log that tlog's mirror can keep", async () => {
  const size = 100_000;
  const directory = join(home, "logs", "a");
  const log = unwrap(await LogStore.open({ directory, staged: "drop" }));
  const tree = new MemoryTree();
  const entryOf = (index: number): Bytes => utf8(`entry ${index}`);
  for (let from = 0; from < size; from += 10_000) {
    const entries = Array.from({ length: 10_000 }, (_, i) => entryOf(from + i));
    const staged = unwrap(await log.stage(entries));
    for (const entry of entries) tree.append(leafHash(entry));
    expect(staged).toEqual({ size: tree.size, root: tree.root() });
    unwrap(await log.commitHead({ ...staged, note: utf8(`${tree.size}`) }, from));
  }
  await log.close();

  const again: MirrorLog & LogStore = unwrap(await LogStore.open({ directory, staged: "drop" }));
  for (let at = 1; at <= size; at = at * 3 + 1) expect(again.rootAt(at)).toEqual(tree.root(at));
  const read = new MemoryTree();
  for await (const entry of again.entries(0, size)) read.append(leafHash(entry));
  expect(read.root()).toEqual(tree.root());
  expect(unwrap(await again.setAside(join(home, "evidence"), "test"))).toBe(join(home, "evidence", "a-1"));
});

test("bodies and blobs", async () => {
  const bodies = unwrap(await BodyStore.open({ directory: join(home, "bodies") }));
  const [digest] = unwrap(await bodies.put([utf8("body")]));
  await bodies.close();
  const again = unwrap(await BodyStore.open({ directory: join(home, "bodies") }));
  expect(Uint8Array.from((await again.get(digest as Bytes)) as Bytes)).toEqual(utf8("body"));
  await again.close();

  const blobs = unwrap(await BlobStore.open({ directory: join(home, "blobs") }));
  const content = new Uint8Array(200_000).fill(7);
  unwrap(await blobs.put(sha256(content), content.length, chunks(content, 60_000)));
  const blob = await blobs.get(sha256(content));
  const parts: Bytes[] = [];
  for await (const part of blob?.content ?? []) parts.push(part);
  expect(Uint8Array.from(Buffer.concat(parts))).toEqual(content);
  unwrap(await blobs.erase(sha256(content)));
  expect(await blobs.get(sha256(content))).toBeUndefined();
});

async function* chunks(bytes: Bytes, length: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
