import { assert, equalBytes, err, ok, type Bytes, type Result } from "@detente/basics";
import { bitLength, isCount, powerOfTwo } from "./bits.ts";
import { emptyRoot, HASH_SIZE } from "./hash.ts";
import type { ProofFault } from "./proof-fault.ts";
import { proofAlong, subtreePath } from "./subtree-path.ts";
import type { HashReader } from "./hash-reader.ts";
import { rangeHash } from "./range-hash.ts";
import { lengthFault, verifyAlong } from "./verify-path.ts";

/**
 * Whether the leaves [start, end) form a subtree (draft-ietf-plants-merkle-tree-certs §4.1): `start` is a multiple of
 * the smallest power of two that is not below `end - start`. An empty interval is one.
 */
export function isSubtree(start: number, end: number): boolean {
  if (!isCount(start) || !isCount(end) || start > end) return false;
  return end - start <= 1 || start % powerOfTwo(bitLength(end - start - 1)) === 0;
}

/**
 * The hash of the subtree [start, end): the Merkle tree hash of its leaves alone.
 * @throws where [start, end) is no subtree
 */
export function subtreeRoot(start: number, end: number, reader: HashReader): Bytes {
  assert(isSubtree(start, end), `[${start}, ${end}) is a subtree`);
  return start === end ? emptyRoot : rangeHash(start, end, reader);
}

/**
 * Proves that leaf `index` stands in the subtree [start, end) (draft-ietf-plants-merkle-tree-certs §4.3).
 * @throws where [start, end) is no subtree or does not hold `index`
 */
export function subtreeInclusionProof(index: number, start: number, end: number, reader: HashReader): Bytes[] {
  assert(isSubtree(start, end), `[${start}, ${end}) is a subtree`);
  assert(isCount(index) && start <= index && index < end, `leaf ${index} is in [${start}, ${end})`);
  return proofAlong(subtreePath(index, index + 1, start, end), reader);
}

/** Verifies a proof made by `subtreeInclusionProof` against the hash of the subtree. */
export function verifySubtreeInclusion(
  index: number,
  start: number,
  end: number,
  leafHash: Bytes,
  proof: readonly Bytes[],
  subtreeHash: Bytes,
): Result<void, ProofFault> {
  if (!isSubtree(start, end)) return err("range", `[${start}, ${end}) is no subtree; see how intervals are aligned`);
  if (!isCount(index) || index < start || index >= end) {
    return err("range", `leaf ${index} is not in [${start}, ${end}); ask for an index inside`);
  }
  if (leafHash.length !== HASH_SIZE) return err("hash-length", `the leaf's hash is not ${HASH_SIZE} bytes long`);
  return verifyAlong(subtreePath(index, index + 1, start, end), proof, leafHash, subtreeHash);
}

/**
 * Proves that the subtree [start, end) is a part of the tree of `size` leaves
 * (draft-ietf-plants-merkle-tree-certs §4.4.1). Empty for an empty subtree.
 * @throws where [start, end) is no subtree or reaches beyond `size`
 */
export function subtreeConsistencyProof(start: number, end: number, size: number, reader: HashReader): Bytes[] {
  assert(isSubtree(start, end), `[${start}, ${end}) is a subtree`);
  assert(isCount(size) && end <= size, `[${start}, ${end}) is within ${size} leaves`);
  return start === end ? [] : proofAlong(subtreePath(start, end, 0, size), reader);
}

/**
 * Verifies a proof made by `subtreeConsistencyProof` (draft-ietf-plants-merkle-tree-certs §4.4.3). An empty subtree
 * is a part of every tree; its hash must then be the empty root.
 */
export function verifySubtreeConsistency(
  start: number,
  end: number,
  size: number,
  proof: readonly Bytes[],
  subtreeHash: Bytes,
  root: Bytes,
): Result<void, ProofFault> {
  if (!isSubtree(start, end)) return err("range", `[${start}, ${end}) is no subtree; see how intervals are aligned`);
  if (!isCount(size) || end > size) return err("range", `[${start}, ${end}) reaches beyond a tree of ${size}`);
  if (start < end) return verifyAlong(subtreePath(start, end, 0, size), proof, subtreeHash, root);
  if (proof.length !== 0) return lengthFault(proof, 0);
  if (!equalBytes(subtreeHash, emptyRoot)) {
    return err("root-mismatch", "an empty subtree has another hash than SHA-256 of nothing");
  }
  return ok(undefined);
}
