import { assert, type Bytes, concatBytes, utf8 } from "@detente/basics";
import { parseCheckpoint } from "./checkpoint.ts";

/** A range of a log's leaves and the root hash of the tree over them. A checkpoint is the subtree [0, size). */
export interface Subtree {
  readonly origin: string;
  readonly start: number;
  readonly end: number;
  readonly hash: Bytes;
}

/** Bytes before the signature itself: the time as u64. */
const TIMESTAMP_LENGTH = 8;

const SUBTREE_LABEL = utf8("subtree/v1\n\0");

/** What an Ed25519 cosignature signs (c2sp.org/tlog-cosignature, "Ed25519 signed message"); `timestamp` in seconds since the epoch. */
export function cosignatureMessage(checkpointText: string, timestamp: number): Bytes {
  return utf8(`cosignature/v1\ntime ${timestamp}\n${checkpointText}`);
}

/**
 * What an ML-DSA-44 cosignature signs (c2sp.org/tlog-cosignature, "ML-DSA-44 signed message");
 * `undefined` where no such message exists: a name or origin longer than 255 bytes, or a time for a subtree that does not start at 0.
 */
export function subtreeMessage(cosignerName: string, timestamp: number, subtree: Subtree): Bytes | undefined {
  const name = utf8(cosignerName);
  const origin = utf8(subtree.origin);
  if (name.length < 1 || name.length > 255 || origin.length < 1 || origin.length > 255) return undefined;
  if (subtree.start !== 0 && timestamp !== 0) return undefined;
  return concatBytes(
    SUBTREE_LABEL,
    Uint8Array.of(name.length),
    name,
    u64(timestamp),
    Uint8Array.of(origin.length),
    origin,
    u64(subtree.start),
    u64(subtree.end),
    subtree.hash,
  );
}

/** The ML-DSA-44 message for a whole checkpoint; `undefined` where the text is no checkpoint or no message exists. */
export function checkpointSubtreeMessage(cosignerName: string, timestamp: number, text: string): Bytes | undefined {
  const parsed = parseCheckpoint(text);
  if (!parsed.ok) return undefined;
  const { origin, size, root } = parsed.value;
  return subtreeMessage(cosignerName, timestamp, { origin, start: 0, end: size, hash: root });
}

/** Joins time and signature into the timestamped_signature of a note's signature line. */
export function timestamped(timestamp: number, signature: Bytes): Bytes {
  return concatBytes(u64(timestamp), signature);
}

/**
 * Splits a timestamped_signature of a known signature length; `undefined` for any other length
 * and for times above 2^53 - 1 seconds, which lie in no one's past.
 */
export function splitTimestamped(
  bytes: Bytes,
  signatureLength: number,
): { readonly timestamp: number; readonly signature: Bytes } | undefined {
  if (bytes.length !== TIMESTAMP_LENGTH + signatureLength) return undefined;
  const timestamp = readTimestamp(bytes);
  return timestamp === undefined ? undefined : { timestamp, signature: bytes.subarray(TIMESTAMP_LENGTH) };
}

/** The time at the head of a timestamped_signature, in seconds since the epoch; `undefined` where there is none of at most 2^53 - 1. */
export function readTimestamp(bytes: Bytes): number | undefined {
  if (bytes.length < TIMESTAMP_LENGTH) return undefined;
  const value = new DataView(bytes.buffer, bytes.byteOffset, TIMESTAMP_LENGTH).getBigUint64(0);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

function u64(value: number): Bytes {
  assert(Number.isSafeInteger(value) && value >= 0, "a u64 must be a whole number that JavaScript holds exactly");
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
