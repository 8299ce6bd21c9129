import { assert, sha256, type Bytes } from "@detente/basics";

/** Length in bytes of every hash in the tree. */
export const HASH_SIZE = 32;

/** The root of a tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const emptyRoot: Bytes = sha256(new Uint8Array(0));

// Hashing is synchronous and copies its input, so one block serves all calls.
const block = new Uint8Array(1 + 2 * HASH_SIZE);
block[0] = 1;

/** The hash of a leaf: SHA-256(0x00 || entry), RFC 6962 §2.1. */
export function leafHash(entry: Bytes): Bytes {
  const message = new Uint8Array(1 + entry.length);
  message.set(entry, 1);
  return sha256(message);
}

/** As `leafHash`, for an entry that stands behind a zero byte already, so that it need not be copied. */
export function prefixedLeafHash(message: Bytes): Bytes {
  assert(message[0] === 0, "a leaf is hashed behind a zero byte");
  return sha256(message);
}

/**
 * The hash of an inner node: SHA-256(0x01 || left || right), RFC 6962 §2.1.
 * @throws where a child is not 32 bytes long
 */
export function nodeHash(left: Bytes, right: Bytes): Bytes {
  assert(left.length === HASH_SIZE && right.length === HASH_SIZE, "a node has two children of 32 bytes");
  block.set(left, 1);
  block.set(right, 1 + HASH_SIZE);
  return sha256(block);
}

/** As `nodeHash`, of children that stand side by side in `level` from `at` on. */
export function pairHash(level: Bytes, at: number): Bytes {
  for (let i = 0; i < 2 * HASH_SIZE; i++) block[1 + i] = level[at + i] as number;
  return sha256(block);
}
