import { type Bytes, ok, type Result } from "@detente/basics";
import { inclusionProof, leafHash, type ProofFault, verifyInclusion } from "@detente/tlog";
import { type BadShard, decodeShard } from "./rice.ts";
import { type SetCommitment, shardBits, shardsOf, treeOver } from "./set-file.ts";
import { halves, type TagSet } from "./tag-set.ts";

/** The one shard in which a tag stands or would stand, with what proves that it is the committed one. */
export interface SetProof {
  readonly shard: Bytes;
  /** RFC 6962 §2.1.1: at most 12 hashes, the shard's sibling first. */
  readonly path: readonly Bytes[];
}

/** Makes proofs about one set: that a tag is there or that it is not, which is the same proof. */
export function setProver(tags: TagSet): (tag: Bytes) => SetProof {
  const shards = shardsOf(tags);
  const { reader } = treeOver(shards);
  return (tag) => {
    const index = shardOf(tag, tags.count);
    return { shard: shards[index] as Bytes, path: inclusionProof(index, shards.length, reader) };
  };
}

/** Whether the committed set holds the tag; a fault where the proof shows neither. */
export function verifyTag(
  commitment: SetCommitment,
  tag: Bytes,
  { shard, path }: SetProof,
): Result<boolean, BadShard | ProofFault> {
  const bits = shardBits(commitment.count);
  const index = shardOf(tag, commitment.count);
  const included = verifyInclusion(index, 2 ** bits, leafHash(shard), path, commitment.root);
  if (!included.ok) return included;
  const tags = decodeShard(shard, index, bits);
  return tags.ok ? ok(tags.value.find(tag) !== -1) : tags;
}

function shardOf(tag: Bytes, count: number): number {
  const bits = shardBits(count);
  return Math.floor(halves(tag)[0] / 2 ** (32 - bits));
}
