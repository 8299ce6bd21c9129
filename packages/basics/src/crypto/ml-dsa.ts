import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { Bytes } from "../bytes.ts";

/** DER prefixes for ML-DSA-44 (RFC 9881 §4 and §6: SPKI, and PKCS #8 with the seed alone); the raw key or seed follows. */
const SPKI = Buffer.from("30820532300b06096086480165030403110382052100", "hex");
const PKCS8 = Buffer.from("3034020100300b060960864801650304031104228020", "hex");

const SEED_LENGTH = 32;

export interface MlDsa44 {
  /** The public key (1312 bytes) of a seed (32 bytes), FIPS 204 algorithm 6. */
  publicKey(seed: Bytes): Bytes;
  /** A signature (2420 bytes) with empty context; two signatures of one message differ. */
  sign(seed: Bytes, message: Bytes): Bytes;
  /** Whether `signature` by `publicKey` covers `message` with empty context. Malformed input is simply not valid. */
  verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean;
}

/** ML-DSA-44 where this Node has it (24.7 and later, built on OpenSSL 3.5), else undefined. */
export const mlDsa44: MlDsa44 | undefined = isSupported()
  ? { publicKey, sign: signMessage, verify: verifyMessage }
  : undefined;

function isSupported(): boolean {
  try {
    privateKey(new Uint8Array(SEED_LENGTH));
    return true;
  } catch {
    return false;
  }
}

function publicKey(seed: Bytes): Bytes {
  return createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" }).subarray(SPKI.length);
}

function signMessage(seed: Bytes, message: Bytes): Bytes {
  return sign(null, message, privateKey(seed));
}

function verifyMessage(rawKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI, rawKey]), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

function privateKey(seed: Bytes): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}
