import { assert, equalBytes, err, ok, type Bytes, type Result } from "@detente/basics";
import { isCount } from "./bits.ts";
import { emptyRoot } from "./hash.ts";
import type { ProofFault } from "./proof-fault.ts";
import { proofAlong, subtreePath } from "./subtree-path.ts";
import type { HashReader } from "./hash-reader.ts";
import { lengthFault, verifyAlong } from "./verify-path.ts";

/**
 * Proves that the tree of `oldSize` leaves is a prefix of the tree of `newSize` (RFC 6962 §2.1.2).
 * Empty where the sizes are equal or `oldSize` is 0.
 * @throws unless 0 ≤ oldSize ≤ newSize ≤ 2^53-1
 */
export function consistencyProof(oldSize: number, newSize: number, reader: HashReader): Bytes[] {
  assert(isCount(oldSize) && isCount(newSize) && oldSize <= newSize, `size ${oldSize} is no larger than ${newSize}`);
  return oldSize === 0 ? [] : proofAlong(subtreePath(0, oldSize, 0, newSize), reader);
}

/**
 * Verifies a consistency proof (RFC 9162 §2.1.4.2). As the C2SP witness protocol has it, an empty proof leads from
 * the tree of size 0 to any other; the root of size 0 must then be the empty root.
 */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Bytes[],
  oldRoot: Bytes,
  newRoot: Bytes,
): Result<void, ProofFault> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) {
    return err("range", `a tree does not grow from ${oldSize} to ${newSize}; give the smaller size first`);
  }
  if (oldSize > 0) return verifyAlong(subtreePath(0, oldSize, 0, newSize), proof, oldRoot, newRoot);
  if (proof.length !== 0) return lengthFault(proof, 0);
  if (!equalBytes(oldRoot, emptyRoot) || (newSize === 0 && !equalBytes(newRoot, emptyRoot))) {
    return err("root-mismatch", "a tree of size 0 has another root than SHA-256 of nothing");
  }
  return ok(undefined);
}
