import { leafHash, MemoryTree, treeRoot } from "@detente/tlog";
import { utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EdgeTree } from "./edge-tree.ts";

const LEAVES = Array.from({ length: 140_000 }, (_, i) => leafHash(utf8(`${i}`)));
const FULL = new MemoryTree();
for (const leaf of LEAVES) FULL.append(leaf);

/** Reads from the edge, and from the whole tree only where the node lies in a full tile that was published. */
function root(edge: EdgeTree, size: number, published: number): Uint8Array {
  return treeRoot(size, (level, index) => {
    const held = edge.node(level, index);
    if (held !== undefined) return held;
    const tileLevel = Math.floor(level / 8);
    expect((Math.floor((index * 2 ** (level % 8)) / 256) + 1) * 256 ** (tileLevel + 1)).toBeLessThanOrEqual(published);
    return FULL.reader(level, index);
  });
}

test("begun above any number of published tiles, grown, cut and published further, it has the roots of the whole tree", () => {
  const tiles = fc.oneof(fc.nat(3), fc.integer({ min: 250, max: 262 }), fc.integer({ min: 510, max: 514 }));
  fc.assert(
    fc.property(tiles, fc.nat(2000), fc.nat(2000), fc.nat(600), (first, growth, cut, regrowth) => {
      let published = first * 256;
      const edge = EdgeTree.above(published, (level, index) => FULL.reader((level + 1) * 8, index));
      for (let i = 0; i < growth; i++) edge.append(LEAVES[published + i] as Uint8Array);
      expect(edge.size).toBe(published + growth);
      expect(root(edge, edge.size, published)).toEqual(FULL.root(edge.size));
      const kept = Math.max(published, edge.size - cut);
      edge.truncate(kept);
      for (let i = 0; i < regrowth; i++) edge.append(LEAVES[kept + i] as Uint8Array);
      expect(root(edge, edge.size, published)).toEqual(FULL.root(edge.size));
      published = edge.size - (edge.size % 256);
      edge.dropBelow(published);
      for (const size of [published, edge.size]) expect(root(edge, size, published)).toEqual(FULL.root(size));
    }),
    { numRuns: 100 },
  );
});

test("once all is published, few nodes stay: none of a full tile", () => {
  const edge = EdgeTree.above(0, () => expect.fail("nothing is published"));
  for (const leaf of LEAVES) edge.append(leaf);
  const published = 139_776; // 546 · 256
  edge.dropBelow(published);
  let held = 0;
  for (let level = 0; level < 20; level++) {
    for (let index = 0; index < LEAVES.length / 2 ** level; index++) if (edge.node(level, index) !== undefined) held++;
  }
  // 224 leaves, 34 hashes of tiles (546 - 512) and 2 of tiles of tiles, each with the complete nodes above them.
  expect(held).toBe(224 + 112 + 56 + 28 + 14 + 7 + 3 + 1 + (34 + 17 + 8 + 4 + 2 + 1) + (2 + 1));
});
