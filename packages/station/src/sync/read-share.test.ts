import { utf8Decode } from "@detente/basics";
import { draftItems, type Indicator, type ReadItem, type ShareContent } from "@detente/record";
import { expect, test } from "vitest";
import { blobInPieces } from "../testing/blob-in-pieces.ts";
import { itemLines, readShare } from "./read-share.ts";

const indicators = Array.from({ length: 3000 }, (_, i): Indicator => ({ kind: "domain", value: `bad${i}.example` }));
const { blob, collection, items, kinds } = draftItems(new Uint8Array(32).fill(9), indicators);
const content: ShareContent = { title: "many", tlp: "clear", collection, items, kinds };

test("a share is read item by item, and all else goes on meanwhile", async () => {
  const read: ReadItem[] = [];
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns++;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  const whole = await readShare(blobInPieces(blob, 1009), content, (some) => void read.push(...some));
  isDone = true;
  expect(whole?.ok === true && whole.value.root()).toEqual(collection);
  expect(read.map(({ indicator }) => indicator)).toEqual(indicators);
  expect(turns).toBeGreaterThan(50);
});

test("what is not the share's is said", async () => {
  const wrong = new Uint8Array(blob);
  wrong[blob.length - 10] = 0x20;
  expect(await readShare(blobInPieces(wrong, 4096), content)).toMatchObject({ ok: false });
  const cut = await readShare(blobInPieces(blob.subarray(0, -30), 4096), content);
  expect(cut).toMatchObject({ ok: false, fault: { code: "wrong-size" } });
});

test.each([1, 7, 1009, 1 << 20])("items are found by their index, whatever pieces of %i bytes cut", async (size) => {
  const lines = await itemLines(
    blobInPieces(blob.subarray(0, size === 1 ? 2000 : blob.length), size),
    content,
    new Set([0, 5, 20]),
  );
  const found = [...lines].map(([index, line]) => [index, JSON.parse(utf8Decode(line) ?? "null") as unknown]);
  expect(found).toEqual([0, 5, 20].map((index) => [index, indicators[index]]));
  expect((await itemLines(blobInPieces(blob, 4096), content, new Set([99_999]))).size).toBe(0);
});
