import { existsSync, readFileSync } from "node:fs";
import { fromBase64, present, type Bytes } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { verifyConsistency } from "./consistency.ts";
import { verifyInclusion } from "./inclusion.ts";
import { verifySubtreeConsistency, verifySubtreeInclusion } from "./subtree.ts";

// The test data of github.com/transparency-dev/merkle, which are kept outside of this repository.
const vectors = new URL("../../../../shared/vectors/", import.meta.url);

interface Case {
  readonly case: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

/** That library rejects whatever begins at size 0. We follow the C2SP witness protocol, in full: */
const FROM_SIZE_ZERO: Readonly<Record<string, { accepted: boolean; because: string }>> = {
  "1/size1-sub-@1": { accepted: false, because: "the proof is not empty" },
  "3/size1-XOR-@2": { accepted: false, because: "the proof is not empty" },
  "additional/consistency-check-on-empty-tree-size1-is-zero-is-useless": {
    accepted: false,
    because: "the proof is not empty",
  },
  "additional/size1-is-zero-and-does-not-equal-size2": { accepted: false, because: "root1 is not the empty root" },
  "additional/size1-is-zero-and-size2-is-not-zero": {
    accepted: true,
    because: "root1 is the empty root, the proof is empty, and root2 may be any",
  },
  "additional/roots-do-not-match-and-sizes-are-zero": { accepted: false, because: "root2 is not the empty root" },
  "additional/sizes-are-equal-zero-and-proof-is-empty": { accepted: false, because: "neither is the empty root" },
  "additional/sizes-are-equal-zero-but-roots-are-not": { accepted: false, because: "neither is the empty root" },
  "additional/sizes-match-but-proof-is-not-empty-and-sizes-are-zero": {
    accepted: false,
    because: "the proof is not empty",
  },
};

function load<T>(name: string): (Case & T)[] {
  const file = new URL(`${name}.json`, vectors);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

function bytes(text: string): Bytes {
  return present(fromBase64(text), "base64 in a vector");
}

function proofOf(vector: Case): Bytes[] {
  return (vector.proof ?? []).map(bytes);
}

describe.skipIf(!existsSync(vectors))("published vectors of transparency-dev/merkle", () => {
  describe("inclusion", () => {
    const cases = load<{ leafIdx: number; treeSize: number; leafHash: string; root: string }>("merkle-inclusion");
    it("has all cases", () => expect(cases.length).toBe(98));
    it.each(cases)("$case", (v) => {
      const result = verifyInclusion(v.leafIdx, v.treeSize, bytes(v.leafHash), proofOf(v), bytes(v.root));
      expect(result.ok).toBe(!v.wantErr);
    });
  });

  describe("consistency", () => {
    const cases = load<{ size1: number; size2: number; root1: string; root2: string }>("merkle-consistency");
    it("has all cases", () => expect(cases.length).toBe(98));
    it.each(cases)("$case", (v) => {
      const result = verifyConsistency(v.size1, v.size2, proofOf(v), bytes(v.root1), bytes(v.root2));
      const expected = v.size1 === 0 ? present(FROM_SIZE_ZERO[v.case], v.case).accepted : !v.wantErr;
      expect(result.ok).toBe(expected);
    });
    it("differs from the library in one case only", () => {
      const differing = cases.filter((v) => v.size1 === 0 && FROM_SIZE_ZERO[v.case]?.accepted === v.wantErr);
      expect(differing.map((v) => v.case)).toEqual(["additional/size1-is-zero-and-size2-is-not-zero"]);
    });
  });

  describe("subtree inclusion", () => {
    const cases = load<{ leafIdx: number; start: number; end: number; leafHash: string; root: string }>(
      "merkle-subtree-inclusion",
    );
    it("has all cases", () => expect(cases.length).toBe(204));
    it.each(cases)("$case", (v) => {
      const leaf = bytes(v.leafHash);
      const result = verifySubtreeInclusion(v.leafIdx, v.start, v.end, leaf, proofOf(v), bytes(v.root));
      expect(result.ok).toBe(!v.wantErr);
    });
  });

  describe("subtree consistency", () => {
    const cases = load<{ start: number; end: number; size: number; root1: string; root2: string }>(
      "merkle-subtree-consistency",
    );
    it("has all cases", () => expect(cases.length).toBe(118));
    it.each(cases)("$case", (v) => {
      const [root1, root2] = [bytes(v.root1), bytes(v.root2)];
      const result = verifySubtreeConsistency(v.start, v.end, v.size, proofOf(v), root1, root2);
      expect(result.ok).toBe(!v.wantErr);
    });
  });
});
