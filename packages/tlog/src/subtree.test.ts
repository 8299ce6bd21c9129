import { equalBytes, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistencyProof } from "./consistency.ts";
import { emptyRoot, leafHash } from "./hash.ts";
import { inclusionProof } from "./inclusion.ts";
import {
  isSubtree,
  subtreeConsistencyProof,
  subtreeInclusionProof,
  subtreeRoot,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from "./subtree.ts";
import * as rfc from "./testing/rfc6962.ts";

const entries = rfc.entriesOf(160);
const tree = rfc.treeOf(entries);

/** A size and a subtree of it that is not empty, of any width and at any place. */
const SUBTREES = fc.integer({ min: 1, max: entries.length }).chain((size) =>
  fc.tuple(fc.nat(7), fc.nat(), fc.nat()).map(([height, at, cut]) => {
    const step = 2 ** height;
    const start = step * (at % Math.ceil(size / step));
    const longest = Math.min(step, size - start);
    return { start, end: start + longest - (cut % longest), size };
  }),
);

describe("subtrees, §4.1", () => {
  it.each([
    [0, 0, true],
    [5, 5, true],
    [0, 13, true],
    [4, 8, true],
    [8, 13, true],
    [3, 4, true],
    [2, 5, false],
    [4, 9, false],
    [1, 3, false],
    [8, 7, false],
    [-2, 0, false],
    [2 ** 52, 2 ** 53 - 1, true],
    [2 ** 51, 2 ** 53 - 1, false],
    [0, 2 ** 53, false],
  ])("[%d, %d): %s", (start, end, expected) => expect(isSubtree(start, end)).toBe(expected));
});

describe("subtree consistency proofs, §4.4", () => {
  const hash = (start: number, end: number): Bytes => rfc.mth(entries.slice(start, end));

  it("are those of a walk through the definition by hand", () => {
    const proof = (start: number, end: number, size: number) => subtreeConsistencyProof(start, end, size, tree.reader);
    expect(proof(4, 8, 14)).toEqual([hash(0, 4), hash(8, 14)]);
    expect(proof(8, 13, 14)).toEqual([hash(12, 13), hash(13, 14), hash(8, 12), hash(0, 8)]);
    expect(proof(8, 14, 14)).toEqual([hash(0, 8)]);
    expect(proof(9, 9, 14)).toEqual([]);
  });

  it("equal those of the definition, and verify", () => {
    fc.assert(
      fc.property(SUBTREES, ({ start, end, size }) => {
        const proof = subtreeConsistencyProof(start, end, size, tree.reader);
        expect(proof).toEqual(rfc.subtreeSubproof(start, end, entries.slice(0, size), true));
        expect(subtreeRoot(start, end, tree.reader)).toEqual(hash(start, end));
        expect(verifySubtreeConsistency(start, end, size, proof, hash(start, end), hash(0, size)).ok).toBe(true);
      }),
    );
  });

  it("are consistency proofs where they begin at 0, and inclusion proofs for one leaf", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: entries.length }), fc.nat(), (size, seed) => {
        const m = seed % size;
        const whole = subtreeConsistencyProof(0, m + 1, size, tree.reader);
        expect(whole).toEqual(consistencyProof(m + 1, size, tree.reader));
        expect(subtreeConsistencyProof(m, m + 1, size, tree.reader)).toEqual(inclusionProof(m, size, tree.reader));
      }),
    );
  });

  it("are rejected after a change of one bit, or at any other place", () => {
    fc.assert(
      fc.property(SUBTREES, fc.nat(255), ({ start, end, size }, bit) => {
        const proof = subtreeConsistencyProof(start, end, size, tree.reader);
        const [sub, root] = [hash(start, end), tree.root(size)];
        for (let i = 0; i < proof.length; i++) {
          const mutant = proof.map((p, at) => (at === i ? rfc.flipped(p, bit) : p));
          expect(verifySubtreeConsistency(start, end, size, mutant, sub, root).ok).toBe(false);
        }
        expect(verifySubtreeConsistency(start, end, size, proof, rfc.flipped(sub, bit), root).ok).toBe(false);
        expect(verifySubtreeConsistency(start, end, size, proof, sub, rfc.flipped(root, bit)).ok).toBe(false);
        for (let other = 0; other + end - start <= size; other++) {
          const result = verifySubtreeConsistency(other, other + end - start, size, proof, sub, root);
          expect(result.ok).toBe(other === start);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("hold at the far end of 2^53-1 leaves", () => {
    const size = Number.MAX_SAFE_INTEGER;
    for (const start of [0, 2 ** 40, 2 ** 52, 2 ** 52 + 2 ** 51]) {
      const end = start + 2 ** 40 - 5;
      const proof = subtreeConsistencyProof(start, end, size, rfc.farReader);
      const subtree = subtreeRoot(start, end, rfc.farReader);
      // The subtree's own hash is reached; only then is the root, unknown for so large a tree, found to be another.
      expect(verifySubtreeConsistency(start, end, size, proof, subtree, emptyRoot)).toMatchObject({
        fault: { code: "root-mismatch", message: expect.stringContaining("root of the tree") },
      });
    }
  });

  it("say what is wrong", () => {
    const proof = subtreeConsistencyProof(4, 8, 14, tree.reader);
    const [sub, root, short] = [hash(4, 8), hash(0, 14), new Uint8Array(31)];
    const code = (...args: Parameters<typeof verifySubtreeConsistency>) => {
      const result = verifySubtreeConsistency(...args);
      return result.ok ? "ok" : result.fault.code;
    };
    expect(code(4, 8, 14, proof, sub, root)).toBe("ok");
    expect(code(9, 9, 14, [], emptyRoot, root)).toBe("ok");
    expect(code(2, 6, 14, proof, sub, root)).toBe("range");
    expect(code(12, 16, 14, proof, sub, root)).toBe("range");
    expect(code(4, 8, 14, proof.slice(1), sub, root)).toBe("proof-length");
    expect(code(9, 9, 14, proof, emptyRoot, root)).toBe("proof-length");
    expect(code(4, 8, 14, [root, short], sub, root)).toBe("hash-length");
    expect(code(4, 8, 14, proof, short, root)).toBe("hash-length");
    expect(code(9, 9, 14, [], sub, root)).toBe("root-mismatch");
    expect(() => subtreeConsistencyProof(2, 6, 14, tree.reader)).toThrow("[2, 6)");
    expect(() => subtreeConsistencyProof(12, 16, 14, tree.reader)).toThrow("14 leaves");
  });

  it("are never the cause of an exception, and not accepted when made up", () => {
    const { anyCount, anyHash, anyProof } = rfc;
    fc.assert(
      fc.property(anyCount, anyCount, anyCount, anyProof, anyHash, anyHash, (start, end, size, proof, first, root) => {
        fc.pre(!equalBytes(first, root));
        expect(verifySubtreeConsistency(start, end, size, proof, first, root).ok).toBe(false);
        expect(verifySubtreeInclusion(start, end, size, first, proof, root).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe("subtree inclusion proofs, §4.3", () => {
  it("verify, are those of the subtree's leaves alone, and prove no other place", () => {
    fc.assert(
      fc.property(SUBTREES, fc.nat(), fc.nat(255), ({ start, end }, seed, bit) => {
        const index = start + (seed % (end - start));
        const alone = rfc.treeOf(entries.slice(start, end));
        const proof = subtreeInclusionProof(index, start, end, tree.reader);
        expect(proof).toEqual(inclusionProof(index - start, end - start, alone.reader));
        const leaf = leafHash(entries[index] as Bytes);
        for (let other = start; other < end; other++) {
          const result = verifySubtreeInclusion(other, start, end, leaf, proof, alone.root());
          expect(result.ok).toBe(other === index);
        }
        for (let i = 0; i < proof.length; i++) {
          const mutant = proof.map((p, at) => (at === i ? rfc.flipped(p, bit) : p));
          expect(verifySubtreeInclusion(index, start, end, leaf, mutant, alone.root()).ok).toBe(false);
        }
      }),
    );
  });
});
