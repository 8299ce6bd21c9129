import { assert, type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { leafHash, MemoryTree } from "@detente/tlog";
import { type BadShard, decodeShard, encodeShard } from "./rice.ts";
import { MAX_TAGS, TagSet } from "./tag-set.ts";

/** Tags of a shard at most, were they spread evenly. */
const SHARD = 4096;
const MAGIC = utf8("DMS1");
const HEAD_BYTES = MAGIC.length + 4;
const LENGTH_BYTES = 4;
/** The code of a tag is hardly longer than the tag, whatever the tags are. */
const MAX_FILE_BYTES = 9 * MAX_TAGS;

/** What the record says of a partner's set: with it a file, a shard, or the absence of a tag is checked. */
export interface SetCommitment {
  /** Of the tree over the shards (RFC 6962 §2.1), 32 bytes. */
  readonly root: Bytes;
  readonly count: number;
}

export interface SetFile extends SetCommitment {
  readonly bytes: Bytes;
}

export type BadSet = BadShard | Fault<"bad-set" | "root-mismatch">;

/** How many leading bits of a tag name its shard: as few as leave no more than 4,096 tags in each on average. */
export function shardBits(count: number): number {
  let bits = 0;
  while (count > SHARD * 2 ** bits) bits++;
  return bits;
}

/**
 * Writes a set: "DMS1", how many tags (4 bytes), the length of each of the 2^bits shards (4 bytes each), the shards.
 * Numbers are big-endian. The same tags give the same bytes.
 */
export function encodeSet(tags: TagSet): SetFile {
  assert(tags.count <= MAX_TAGS, `a set has at most ${MAX_TAGS} tags`);
  const shards = shardsOf(tags);
  const head = new Uint8Array(HEAD_BYTES + LENGTH_BYTES * shards.length);
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  view.setUint32(MAGIC.length, tags.count);
  for (const [i, shard] of shards.entries()) view.setUint32(HEAD_BYTES + LENGTH_BYTES * i, shard.length);
  return { bytes: concatBytes(head, ...shards), root: treeOver(shards).root(), count: tags.count };
}

/** Reads a set and checks it against what the record says of it. */
export function decodeSet(bytes: Bytes, commitment: SetCommitment): Result<TagSet, BadSet> {
  const read = readSet(bytes);
  if (!read.ok) return read;
  return isCommitted(read.value, commitment) ? ok(read.value.tags) : notCommitted();
}

export function isCommitted(set: SetCommitment, { root, count }: SetCommitment): boolean {
  return set.count === count && equalBytes(set.root, root);
}

export function notCommitted(): ReturnType<typeof err<"root-mismatch">> {
  return err("root-mismatch", "set: not the one on the record; fetch it again, and complain if it stays so");
}

/** Reads a set and says which one it is. */
export function readSet(bytes: Bytes): Result<SetCommitment & { readonly tags: TagSet }, BadShard | Fault<"bad-set">> {
  if (bytes.length > MAX_FILE_BYTES) return bad(`larger than ${MAX_TAGS} tags can be`);
  if (bytes.length < HEAD_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return bad("no set file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(MAGIC.length);
  const bits = shardBits(Math.min(count, MAX_TAGS));
  let start = HEAD_BYTES + LENGTH_BYTES * 2 ** bits;
  // A tag takes a bit at least: what a short file claims is not made room for.
  if (count > MAX_TAGS || count > 8 * bytes.length || bytes.length < start) return bad("too short for its tags");
  const tags = new TagSet(new Uint32Array(count), new Uint32Array(count));
  const tree = new MemoryTree();
  let filled = 0;
  for (let prefix = 0; prefix < 2 ** bits; prefix++) {
    const end = start + view.getUint32(HEAD_BYTES + LENGTH_BYTES * prefix);
    if (end > bytes.length) return bad(`cut short within shard ${prefix}`);
    const shard = bytes.subarray(start, end);
    tree.append(leafHash(shard));
    const decoded = decodeShard(shard, prefix, bits);
    if (!decoded.ok) return decoded;
    if (filled + decoded.value.count > count) return bad("with more tags than its head says");
    tags.high.set(decoded.value.high, filled);
    tags.low.set(decoded.value.low, filled);
    filled += decoded.value.count;
    start = end;
  }
  if (filled !== count || start !== bytes.length) return bad("with other tags or bytes than its head says");
  return ok({ tags, count, root: tree.root() });
}

/** The encoded shards, in the order of their prefixes. */
export function shardsOf(tags: TagSet): readonly Bytes[] {
  const bits = shardBits(tags.count);
  return Array.from({ length: 2 ** bits }, (_, prefix) =>
    encodeShard(tags.slice(tags.below(prefix, bits), tags.below(prefix + 1, bits)), bits),
  );
}

export function treeOver(shards: readonly Bytes[]): MemoryTree {
  const tree = new MemoryTree();
  for (const shard of shards) tree.append(leafHash(shard));
  return tree;
}

function bad(what: string): ReturnType<typeof err<"bad-set">> {
  return err("bad-set", `set file: ${what}; fetch it again`);
}
