import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { Bytes } from "../bytes.ts";

/** DER prefixes of PKCS #8 and SPKI for Ed25519 (RFC 8410 §7 and §4); the raw key follows. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** Importing a key costs more than a signature; a station uses few keys, so the last ones are kept. */
const KEPT_KEYS = 256;
const publicKeys = new Map<string, KeyObject>();

export function sha256(message: Bytes): Bytes {
  return createHash("sha256").update(message).digest();
}

export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  return createHmac("sha256", key).update(message).digest();
}

export function ed25519PublicKey(seed: Bytes): Bytes {
  return createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" }).subarray(SPKI.length);
}

export function ed25519Sign(seed: Bytes, message: Bytes): Bytes {
  return sign(null, message, privateKey(seed));
}

export function ed25519Verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return verify(null, message, importedPublicKey(publicKey), signature);
  } catch {
    return false;
  }
}

function privateKey(seed: Bytes): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}

function importedPublicKey(raw: Bytes): KeyObject {
  const name = Buffer.from(raw).toString("latin1");
  const kept = publicKeys.get(name);
  if (kept !== undefined) return kept;
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" });
  if (publicKeys.size >= KEPT_KEYS) publicKeys.clear();
  publicKeys.set(name, key);
  return key;
}
