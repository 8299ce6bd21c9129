import { equalBytes, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash } from "./hash.ts";
import { inclusionProof, verifyInclusion } from "./inclusion.ts";
import * as rfc from "./testing/rfc6962.ts";

describe("inclusion proofs", () => {
  it("equal those of the definition, and verify", () => {
    fc.assert(
      fc.property(rfc.sizes, fc.nat(), (size, seed) => {
        const entries = rfc.entriesOf(size);
        const tree = rfc.treeOf(entries);
        const index = seed % size;
        const proof = inclusionProof(index, size, tree.reader);
        expect(proof).toEqual(rfc.path(index, entries));
        expect(verifyInclusion(index, size, leafHash(entries[index] as Bytes), proof, rfc.mth(entries)).ok).toBe(true);
      }),
    );
  });

  it("are rejected after any change of one bit in the proof, the leaf or the root", () => {
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [4, 7],
      [6, 7],
      [21, 33],
      [32, 33],
    ] as const) {
      const entries = rfc.entriesOf(size);
      const tree = rfc.treeOf(entries);
      const leaf = leafHash(entries[index] as Bytes);
      const root = tree.root();
      const proof = inclusionProof(index, size, tree.reader);
      expect(verifyInclusion(index, size, leaf, proof, root).ok).toBe(true);
      for (const mutant of rfc.mutants(proof)) expect(verifyInclusion(index, size, leaf, mutant, root).ok).toBe(false);
      for (let bit = 0; bit < 256; bit++) {
        expect(verifyInclusion(index, size, rfc.flipped(leaf, bit), proof, root).ok).toBe(false);
        expect(verifyInclusion(index, size, leaf, proof, rfc.flipped(root, bit)).ok).toBe(false);
      }
    }
  });

  it("are rejected for any other index; for any other size unless the way to the root is the same", () => {
    fc.assert(
      fc.property(rfc.sizes, fc.nat(), (size, seed) => {
        const entries = rfc.entriesOf(size);
        const tree = rfc.treeOf(entries);
        const index = seed % size;
        const leaf = leafHash(entries[index] as Bytes);
        const root = tree.root();
        const proof = inclusionProof(index, size, tree.reader);
        for (let other = 0; other < size; other++) {
          expect(verifyInclusion(other, size, leaf, proof, root).ok).toBe(other === index);
        }
        for (const other of rfc.neighbours(index)) {
          expect(verifyInclusion(other, size, leaf, proof, root).ok).toBe(false);
        }
        // The root alone does not tell 3 leaves from 4 to one who looks at leaf 0: RFC 6962 leaves that to the tree head.
        for (const other of rfc.neighbours(size)) {
          const same = index < other && rfc.sides(index, other) === rfc.sides(index, size);
          expect(verifyInclusion(index, other, leaf, proof, root).ok).toBe(same);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("hold up to 2^53-1 leaves, by RFC 9162's algorithm in big integers", () => {
    fc.assert(
      fc.property(rfc.largeSizes, fc.nat(Number.MAX_SAFE_INTEGER), (size, seed) => {
        const index = seed % size;
        const proof = inclusionProof(index, size, rfc.farReader);
        const root = rfc.rootsAlong(BigInt(index), BigInt(size) - 1n, rfc.farReader(0, index), proof).sr;
        expect(verifyInclusion(index, size, rfc.farReader(0, index), proof, root)).toEqual({
          ok: true,
          value: undefined,
        });
      }),
    );
  });

  it("say what is wrong", () => {
    const entries = rfc.entriesOf(5);
    const tree = rfc.treeOf(entries);
    const [leaf, root, proof] = [leafHash(entries[1] as Bytes), tree.root(), inclusionProof(1, 5, tree.reader)];
    const short = new Uint8Array(31);
    const code = (...args: Parameters<typeof verifyInclusion>) => {
      const result = verifyInclusion(...args);
      return result.ok ? "ok" : result.fault.code;
    };
    expect(code(5, 5, leaf, proof, root)).toBe("range");
    expect(code(-1, 5, leaf, proof, root)).toBe("range");
    expect(code(0.5, 5, leaf, proof, root)).toBe("range");
    expect(code(1, 2 ** 53, leaf, proof, root)).toBe("range");
    expect(code(1, 5, leaf, proof.slice(1), root)).toBe("proof-length");
    expect(code(1, 5, leaf, [...proof, root], root)).toBe("proof-length");
    expect(code(1, 5, short, proof, root)).toBe("hash-length");
    expect(code(1, 5, leaf, [...proof.slice(1), short], root)).toBe("hash-length");
    expect(code(0, 1, short, [], short)).toBe("hash-length");
    expect(code(2, 5, leaf, proof, root)).toBe("root-mismatch");
    expect(() => inclusionProof(5, 5, tree.reader)).toThrow("leaf 5");
  });

  it("are never the cause of an exception, and not accepted when made up", () => {
    const { anyCount, anyHash, anyProof } = rfc;
    fc.assert(
      fc.property(anyCount, anyCount, anyProof, anyHash, anyHash, (index, size, proof, leaf, root) => {
        fc.pre(!equalBytes(leaf, root));
        expect(verifyInclusion(index, size, leaf, proof, root).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
