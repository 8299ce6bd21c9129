import { sha256 } from "@detente/basics";
import { MemoryTree, tileBytes } from "@detente/tlog";
import { expect, test } from "vitest";
import { FullTile } from "./full-tile.ts";

test("every node is the one of a tree over the same hashes", () => {
  const tree = new MemoryTree();
  for (let i = 0; i < 256; i++) tree.append(sha256(Uint8Array.of(i)));
  const bytes = tileBytes({ level: 0, index: 0, width: 256 }, tree.reader);
  const tile = new FullTile(bytes);
  for (let height = 0; height <= 8; height++) {
    for (let index = 0; index < 256 >> height; index++) {
      expect(Buffer.from(tile.node(height, index)).equals(tree.reader(height, index))).toBe(true);
    }
  }
  expect(tile.root()).toEqual(tree.root());
  expect(tile.hashes(7)).toEqual(tileBytes({ level: 0, index: 0, width: 7 }, tree.reader));
  expect(() => new FullTile(bytes.subarray(32))).toThrow("256 hashes");
});
