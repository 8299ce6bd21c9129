import { equalBytes, present } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistencyProof, verifyConsistency } from "./consistency.ts";
import { emptyRoot } from "./hash.ts";
import * as rfc from "./testing/rfc6962.ts";

describe("consistency proofs", () => {
  it("equal those of the definition, and verify, for any pair of sizes", () => {
    fc.assert(
      fc.property(rfc.sizes, fc.nat(), (newSize, seed) => {
        const entries = rfc.entriesOf(newSize);
        const tree = rfc.treeOf(entries);
        const oldSize = seed % (newSize + 1);
        const proof = consistencyProof(oldSize, newSize, tree.reader);
        expect(proof).toEqual(oldSize === 0 ? [] : rfc.subproof(oldSize, entries, true));
        const [oldRoot, newRoot] = [rfc.mth(entries.slice(0, oldSize)), rfc.mth(entries)];
        expect(verifyConsistency(oldSize, newSize, proof, oldRoot, newRoot).ok).toBe(true);
      }),
    );
  });

  it("are rejected after any change of one bit in the proof or the roots", () => {
    for (const [oldSize, newSize] of [
      [1, 2],
      [3, 7],
      [4, 7],
      [6, 7],
      [21, 33],
      [32, 33],
    ] as const) {
      const tree = rfc.treeOf(rfc.entriesOf(newSize));
      const [oldRoot, newRoot] = [tree.root(oldSize), tree.root()];
      const proof = consistencyProof(oldSize, newSize, tree.reader);
      for (const mutant of rfc.mutants(proof)) {
        expect(verifyConsistency(oldSize, newSize, mutant, oldRoot, newRoot).ok).toBe(false);
      }
      for (let bit = 0; bit < 256; bit++) {
        expect(verifyConsistency(oldSize, newSize, proof, rfc.flipped(oldRoot, bit), newRoot).ok).toBe(false);
        expect(verifyConsistency(oldSize, newSize, proof, oldRoot, rfc.flipped(newRoot, bit)).ok).toBe(false);
      }
    }
  });

  it("are rejected for any other pair of sizes that differs in the way to the roots", () => {
    fc.assert(
      fc.property(rfc.sizes, fc.nat(), (newSize, seed) => {
        const tree = rfc.treeOf(rfc.entriesOf(newSize));
        const oldSize = 1 + (seed % newSize);
        const [oldRoot, newRoot] = [tree.root(oldSize), tree.root()];
        const proof = consistencyProof(oldSize, newSize, tree.reader);
        const way = rfc.forks(oldSize, newSize);
        for (const other of [0, ...rfc.neighbours(oldSize)]) {
          const same = other > 0 && other <= newSize && rfc.forks(other, newSize) === way;
          expect(verifyConsistency(other, newSize, proof, oldRoot, newRoot).ok).toBe(same);
        }
        for (const other of rfc.neighbours(newSize)) {
          const same = oldSize <= other && rfc.forks(oldSize, other) === way;
          expect(verifyConsistency(oldSize, other, proof, oldRoot, newRoot).ok).toBe(same);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("hold up to 2^53-1 leaves, by RFC 9162's algorithm in big integers", () => {
    fc.assert(
      fc.property(rfc.largeSizes, fc.nat(Number.MAX_SAFE_INTEGER), (newSize, seed) => {
        const oldSize = 1 + (seed % (newSize - 1));
        const proof = consistencyProof(oldSize, newSize, rfc.farReader);
        let [fn, sn] = [BigInt(oldSize) - 1n, BigInt(newSize) - 1n];
        while (fn % 2n === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
        const power = (BigInt(oldSize) & (BigInt(oldSize) - 1n)) === 0n;
        const steps = power ? [rfc.farReader(0, 0), ...proof] : proof;
        const { fr, sr } = rfc.rootsAlong(fn, sn, present(steps[0], "a first hash"), steps.slice(1));
        expect(verifyConsistency(oldSize, newSize, proof, fr, sr)).toEqual({ ok: true, value: undefined });
      }),
    );
  });

  it("begin at size 0 as the C2SP witness protocol says", () => {
    const tree = rfc.treeOf(rfc.entriesOf(3));
    const other = tree.root(2);
    const accepts = (...args: Parameters<typeof verifyConsistency>) => verifyConsistency(...args).ok;
    expect(accepts(0, 3, [], emptyRoot, tree.root())).toBe(true);
    expect(accepts(0, 0, [], emptyRoot, emptyRoot)).toBe(true);
    expect(accepts(0, 3, [], other, tree.root())).toBe(false);
    expect(accepts(0, 3, [other], emptyRoot, tree.root())).toBe(false);
    expect(accepts(0, 0, [], emptyRoot, other)).toBe(false);
    expect(accepts(0, 0, [], other, other)).toBe(false);
  });

  it("say what is wrong", () => {
    const tree = rfc.treeOf(rfc.entriesOf(7));
    const [old, root, proof] = [tree.root(4), tree.root(), consistencyProof(4, 7, tree.reader)];
    const short = new Uint8Array(31);
    const code = (...args: Parameters<typeof verifyConsistency>) => {
      const result = verifyConsistency(...args);
      return result.ok ? "ok" : result.fault.code;
    };
    expect(code(4, 7, proof, old, root)).toBe("ok");
    expect(code(7, 4, proof, old, root)).toBe("range");
    expect(code(-1, 7, proof, old, root)).toBe("range");
    expect(code(4, 2 ** 53, proof, old, root)).toBe("range");
    expect(code(4, 7, [], old, root)).toBe("proof-length");
    expect(code(7, 7, proof, root, root)).toBe("proof-length");
    expect(code(4, 7, [short], old, root)).toBe("hash-length");
    expect(code(4, 7, proof, short, root)).toBe("hash-length");
    expect(code(4, 7, proof, root, root)).toBe("root-mismatch");
    expect(code(4, 7, proof, old, old)).toBe("root-mismatch");
    expect(() => consistencyProof(8, 7, tree.reader)).toThrow("size 8");
  });

  it("are never the cause of an exception, and not accepted when made up", () => {
    fc.assert(
      fc.property(rfc.anyCount, rfc.anyCount, rfc.anyProof, rfc.anyHash, rfc.anyHash, (a, b, proof, first, second) => {
        fc.pre(!equalBytes(first, second));
        expect(verifyConsistency(a, b, proof, first, second).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
