import { assert, err, type Bytes, type Result } from "@detente/basics";
import { isCount } from "./bits.ts";
import { HASH_SIZE } from "./hash.ts";
import type { ProofFault } from "./proof-fault.ts";
import { proofAlong, subtreePath } from "./subtree-path.ts";
import type { HashReader } from "./hash-reader.ts";
import { verifyAlong } from "./verify-path.ts";

/**
 * Proves that leaf `index` stands in the tree of the first `size` leaves (RFC 6962 §2.1.1): the siblings on its way
 * to the root, the leaf's own first.
 * @throws unless 0 ≤ index < size ≤ 2^53-1
 */
export function inclusionProof(index: number, size: number, reader: HashReader): Bytes[] {
  assert(isCount(index) && isCount(size) && index < size, `leaf ${index} is one of ${size}`);
  return proofAlong(subtreePath(index, index + 1, 0, size), reader);
}

/**
 * Verifies an inclusion proof (RFC 9162 §2.1.3.2). A tree's root alone does not fix its size: `size` and `root` must
 * come from one checkpoint.
 */
export function verifyInclusion(
  index: number,
  size: number,
  leafHash: Bytes,
  proof: readonly Bytes[],
  root: Bytes,
): Result<void, ProofFault> {
  if (!isCount(index) || !isCount(size) || index >= size) {
    return err("range", `there is no leaf ${index} in a tree of ${size}; ask for an index below the size`);
  }
  if (leafHash.length !== HASH_SIZE) return err("hash-length", `the leaf's hash is not ${HASH_SIZE} bytes long`);
  return verifyAlong(subtreePath(index, index + 1, 0, size), proof, leafHash, root);
}
