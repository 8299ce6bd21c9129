import * as backend from "#crypto";
import type { Bytes } from "./bytes.ts";
import { isPlainPublicKey, isReducedScalar } from "./crypto/ed25519-encoding.ts";
import type { FileDigests, FileHasher } from "./crypto/file-hasher.ts";
import type { MlDsa44 } from "./crypto/ml-dsa.ts";
import type { Sha256Hasher } from "./crypto/sha256-hasher.ts";

/** Digests a file in pieces. MD5 (RFC 1321) and SHA-1 (FIPS 180-4) name files here; nothing is trusted because of them. */
export function fileHasher(): FileHasher {
  return backend.fileHasher();
}

export { type FileDigests, type FileHasher, isPlainPublicKey as isPlainEd25519Key, type MlDsa44, type Sha256Hasher };

/** SHA-256 (FIPS 180-4) of `message`: 32 bytes. */
export function sha256(message: Bytes): Bytes {
  return backend.sha256(message);
}

/** SHA-256 (FIPS 180-4) of what comes in pieces. */
export function sha256Hasher(): Sha256Hasher {
  return backend.sha256Hasher();
}

/** SHA-512 (FIPS 180-4) of `message`: 64 bytes. */
export function sha512(message: Bytes): Bytes {
  return backend.sha512(message);
}

/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  return backend.hmacSha256(key, message);
}

/** The public key (32 bytes) of an Ed25519 seed (32 bytes), RFC 8032 §5.1.5. */
export function ed25519PublicKey(seed: Bytes): Bytes {
  return backend.ed25519PublicKey(seed);
}

/** An Ed25519 signature (64 bytes), RFC 8032 §5.1.6. Deterministic: the same seed and message give the same bytes. */
export function ed25519Sign(seed: Bytes, message: Bytes): Bytes {
  return backend.ed25519Sign(seed, message);
}

/**
 * Whether `signature` (64 bytes) by `publicKey` (32 bytes) covers `message`. Malformed keys and signatures are simply
 * not valid. Two stations must never differ about a signature, so what RFC 8032 leaves open is closed: the equation is
 * the one without the cofactor (§5.1.7), non-canonical encodings and keys of small order are refused.
 */
export function ed25519Verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  return (
    publicKey.length === 32 &&
    signature.length === 64 &&
    isPlainPublicKey(publicKey) &&
    isReducedScalar(signature.subarray(32)) &&
    backend.ed25519Verify(publicKey, message, signature)
  );
}

/** ML-DSA-44 (FIPS 204) where the platform has it (Node 24.7 and later), else undefined. */
export const mlDsa44: MlDsa44 | undefined = backend.mlDsa44;
