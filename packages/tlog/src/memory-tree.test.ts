import { toHex, utf8, type Bytes } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { inclusionProof } from "./inclusion.ts";
import { leafHash } from "./hash.ts";
import { MemoryTree } from "./memory-tree.ts";
import { entriesOf, mth, treeOf } from "./testing/rfc6962.ts";

describe("MemoryTree", () => {
  it("begins empty", () => {
    const tree = new MemoryTree();
    expect(tree.size).toBe(0);
    expect(tree.root()).toEqual(mth([]));
  });

  it("reads every complete node as the definition has it, and no other", () => {
    for (const size of [1, 2, 3, 7, 8, 21, 33]) {
      const entries = entriesOf(size);
      const tree = treeOf(entries);
      for (let level = 0; 2 ** level <= 2 * size; level++) {
        const span = 2 ** level;
        const complete = Math.floor(size / span);
        for (let index = 0; index < complete; index++) {
          expect(tree.reader(level, index)).toEqual(mth(entries.slice(index * span, (index + 1) * span)));
        }
        expect(() => tree.reader(level, complete)).toThrow("complete");
      }
    }
  });

  it("gives copies, and takes them", () => {
    const tree = treeOf(entriesOf(4));
    const before = toHex(tree.root());
    tree.reader(2, 0).fill(0);
    tree.reader(0, 1).fill(0);
    const leaf = leafHash(utf8("entry 4"));
    tree.append(leaf);
    leaf.fill(0);
    expect(toHex(tree.root(4))).toBe(before);
    expect(tree.root()).toEqual(mth(entriesOf(5)));
  });

  it("has every root whatever was asked of it before, also where callers write on what they were given", () => {
    const entries = entriesOf(70);
    const tree = new MemoryTree();
    for (let size = 1; size <= entries.length; size++) {
      tree.append(leafHash(entries[size - 1]!));
      for (const hash of inclusionProof(0, size, tree.reader)) hash.fill(0);
      expect(toHex(tree.root())).toBe(toHex(mth(entries.slice(0, size))));
      tree.root().fill(0);
      expect(toHex(tree.root())).toBe(toHex(mth(entries.slice(0, size))));
      expect(toHex(tree.root(Math.ceil(size / 2)))).toBe(toHex(mth(entries.slice(0, Math.ceil(size / 2)))));
    }
  });

  it("refuses what is no leaf's hash, and sizes it has not had", () => {
    const tree = treeOf(entriesOf(3));
    expect(() => tree.append(new Uint8Array(31))).toThrow("32 bytes");
    expect(() => tree.root(4)).toThrow("no larger than 3");
    expect(() => tree.root(-1)).toThrow("size -1");
    expect(() => tree.reader(0, -1)).toThrow("complete");
    expect(tree.size).toBe(3);
  });

  it("proves with a read for each sibling and each node of the right edge, not more", () => {
    const leaf = leafHash(utf8("the same everywhere"));
    const tree = new MemoryTree();
    const size = 100_000;
    for (let i = 0; i < size; i++) tree.append(leaf);
    let reads = 0;
    const counting = (level: number, index: number): Bytes => {
      reads++;
      return tree.reader(level, index);
    };
    for (const index of [0, 65_535, 65_536, 98_303, size - 1]) {
      reads = 0;
      const proof = inclusionProof(index, size, counting);
      // 100,000 has 17 binary digits, 6 of them set.
      expect(reads).toBeLessThanOrEqual(proof.length + 5);
      expect(proof.length).toBeLessThanOrEqual(17);
    }
  });
});
