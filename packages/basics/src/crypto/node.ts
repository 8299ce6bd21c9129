import { createHash, createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import type { Bytes } from "../bytes.ts";
import type { FileHasher } from "./file-hasher.ts";
import type { Sha256Hasher } from "./sha256-hasher.ts";

export { mlDsa44 } from "./ml-dsa.ts";

/** DER prefixes of PKCS #8 and SPKI for Ed25519 (RFC 8410 §7 and §4); the raw key follows. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** Importing a key costs ten times what a signature costs; a station uses few keys, so the last ones are kept. */
const KEPT_KEYS = 256;
const publicKeys = new Map<string, KeyObject>();
const privateKeys = new Map<string, KeyObject>();

export function sha256(message: Bytes): Bytes {
  return digestOf("sha256", message, 32);
}

export function sha256Hasher(): Sha256Hasher {
  const hasher = createHash("sha256");
  return { update: (piece) => void hasher.update(piece), digest: () => plain(hasher.digest()) };
}

export function sha512(message: Bytes): Bytes {
  return digestOf("sha512", message, 64);
}

/** Half the time of asking for a Buffer, which Node allocates outside its heap; hashing is most of what verifying a record costs. */
function digestOf(algorithm: "sha256" | "sha512", message: Bytes, length: 32 | 64): Bytes {
  const digest = hash(algorithm, message, "binary");
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = digest.charCodeAt(i);
  return bytes;
}

export function fileHasher(): FileHasher {
  const hashers = { md5: createHash("md5"), sha1: createHash("sha1"), sha256: createHash("sha256") };
  return {
    update(piece) {
      for (const hasher of Object.values(hashers)) hasher.update(piece);
    },
    digests: () => ({
      md5: hashers.md5.digest("hex"),
      sha1: hashers.sha1.digest("hex"),
      sha256: hashers.sha256.digest("hex"),
    }),
  };
}

const BLOCK = 64;
/** Hashing is synchronous and copies its input, so these serve all calls; a longer message has a buffer of its own. */
const inner = new Uint8Array(BLOCK + 256);
const outer = new Uint8Array(BLOCK + 32);

/**
 * RFC 2104 §2: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ message)). A collection salts each of its items with one, and Node's own makes
 * an object outside its heap for each, which takes three times as long to make and to clear away.
 */
export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  const short = key.length > BLOCK ? sha256(key) : key;
  const length = BLOCK + message.length;
  const first = length <= inner.length ? inner.subarray(0, length) : new Uint8Array(length);
  for (let i = 0; i < BLOCK; i++) {
    const byte = short[i] ?? 0;
    first[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  first.set(message, BLOCK);
  outer.set(sha256(first), BLOCK);
  return sha256(outer);
}

export function ed25519PublicKey(seed: Bytes): Bytes {
  return plain(createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" }).subarray(SPKI.length));
}

export function ed25519Sign(seed: Bytes, message: Bytes): Bytes {
  return plain(sign(null, message, privateKey(seed)));
}

export function ed25519Verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return verify(null, message, importedPublicKey(publicKey), signature);
  } catch {
    return false;
  }
}

/** A Buffer's `slice` is a view where other arrays copy; nothing that leaves here may behave otherwise than in a browser. */
function plain(buffer: Buffer): Bytes {
  return new Uint8Array(buffer);
}

function privateKey(seed: Bytes): KeyObject {
  return kept(privateKeys, seed, () =>
    createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" }),
  );
}

function importedPublicKey(raw: Bytes): KeyObject {
  return kept(publicKeys, raw, () => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" }));
}

function kept(keys: Map<string, KeyObject>, raw: Bytes, load: () => KeyObject): KeyObject {
  const name = Buffer.from(raw).toString("latin1");
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = load();
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}
