import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256, sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concatBytes, equalBytes } from "../bytes.ts";
import type { FileHasher } from "./file-hasher.ts";
import type { Sha256Hasher } from "./sha256-hasher.ts";
import { toHex } from "../encoding.ts";

const { Point } = ed25519;

export function sha256(message: Bytes): Bytes {
  return nobleSha256(message);
}

export function sha256Hasher(): Sha256Hasher {
  const hasher = nobleSha256.create();
  return { update: (piece) => void hasher.update(piece), digest: () => hasher.digest() };
}

export function sha512(message: Bytes): Bytes {
  return nobleSha512(message);
}

export function fileHasher(): FileHasher {
  const hashers = { md5: md5.create(), sha1: sha1.create(), sha256: nobleSha256.create() };
  return {
    update(piece) {
      for (const hasher of Object.values(hashers)) hasher.update(piece);
    },
    digests: () => ({
      md5: toHex(hashers.md5.digest()),
      sha1: toHex(hashers.sha1.digest()),
      sha256: toHex(hashers.sha256.digest()),
    }),
  };
}

export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  return hmac(nobleSha256, key, message);
}

export function ed25519PublicKey(seed: Bytes): Bytes {
  return ed25519.getPublicKey(seed);
}

export function ed25519Sign(seed: Bytes, message: Bytes): Bytes {
  return ed25519.sign(message, seed);
}

/**
 * RFC 8032 §5.1.7 without the cofactor: the encoding of [S]B - [k]A is R, byte for byte. The library's own check
 * multiplies by the cofactor; OpenSSL's, which the stations use, does not, and the two differ on keys with a torsion
 * component.
 */
export function ed25519Verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    const commitment = signature.subarray(0, 32);
    const key = Point.fromBytes(publicKey);
    const scalar = littleEndian(signature.subarray(32));
    const challenge = Point.Fn.create(littleEndian(nobleSha512(concatBytes(commitment, publicKey, message))));
    const point = Point.BASE.multiplyUnsafe(scalar).subtract(key.multiplyUnsafe(challenge));
    return equalBytes(point.toBytes(), commitment);
  } catch {
    return false;
  }
}

function littleEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

/** No ML-DSA here: what is signed with it counts as signed by an unknown key. */
export const mlDsa44 = undefined;
