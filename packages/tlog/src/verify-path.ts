import { equalBytes, err, ok, type Bytes, type Err, type Result } from "@detente/basics";
import { HASH_SIZE, nodeHash } from "./hash.ts";
import type { ProofFault } from "./proof-fault.ts";
import type { Sibling, SubtreePath } from "./subtree-path.ts";

/**
 * Checks that `proof` leads along `path` from the hash of the subtree to `root`
 * (draft-ietf-plants-merkle-tree-certs §4.4.3; for one leaf RFC 9162 §2.1.3.2). Lengths are checked before any hash.
 */
export function verifyAlong(
  path: SubtreePath,
  proof: readonly Bytes[],
  subtreeHash: Bytes,
  root: Bytes,
): Result<void, ProofFault> {
  const { siblings, split } = path;
  const needs = siblings.length + (split ? 1 : 0);
  if (proof.length !== needs) return lengthFault(proof, needs);
  if (needs > 0) {
    const place = [subtreeHash, ...proof].findIndex((hash) => hash.length !== HASH_SIZE);
    if (place === 0) return err("hash-length", `the hash to be proven is not ${HASH_SIZE} bytes long`);
    if (place > 0) return err("hash-length", `hash ${place} of the proof is not ${HASH_SIZE} bytes long`);
  }

  let next = split ? 1 : 0;
  let inner = split ? (proof[0] as Bytes) : subtreeHash;
  let outer = inner;
  for (let i = siblings.length - 1; i >= 0; i--) {
    const sibling = siblings[i] as Sibling;
    const hash = proof[next++] as Bytes;
    if (sibling.inside) inner = nodeHash(hash, inner);
    outer = sibling.side === "left" ? nodeHash(hash, outer) : nodeHash(outer, hash);
  }
  if (!equalBytes(inner, subtreeHash)) {
    return err("root-mismatch", "the proof does not lead to the hash of the earlier tree or subtree");
  }
  if (!equalBytes(outer, root)) return err("root-mismatch", "the proof does not lead to the root of the tree");
  return ok(undefined);
}

export function lengthFault(proof: readonly Bytes[], needs: number): Err<ProofFault> {
  return err("proof-length", `the proof has ${proof.length} hashes where these sizes need ${needs}; ask for it again`);
}
