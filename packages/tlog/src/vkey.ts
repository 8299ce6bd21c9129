import {
  assert,
  type Bytes,
  concatBytes,
  ed25519Verify,
  err,
  type Fault,
  fromBase64,
  isPlainEd25519Key,
  mlDsa44,
  ok,
  type Result,
  sha256,
  toBase64,
  toHex,
  utf8,
} from "@detente/basics";
import {
  checkpointSubtreeMessage,
  cosignatureMessage,
  splitTimestamped,
  subtreeMessage,
  type Subtree,
} from "./cosignature.ts";

/** Signature types of c2sp.org/signed-note that are verified here; all others parse, and count as unknown keys. */
export const KEY_TYPE = {
  /** Ed25519 over the note's text: a log's key. */
  ed25519: 0x01,
  /** Ed25519 cosignature/v1: a witness's or a mirror's key. */
  cosignature: 0x04,
  /** ML-DSA-44 (sub)tree cosignature. */
  mlDsa44: 0x06,
} as const;

/** A public key that may sign notes. */
export interface Verifier {
  readonly name: string;
  /** The first four bytes of the key id's hash, as an unsigned integer. Name and id together say which key is meant. */
  readonly keyId: number;
  readonly type: number;
  /** Without the type byte: 32 bytes for Ed25519, 1312 for ML-DSA-44. */
  readonly publicKey: Bytes;
  /**
   * Whether `signature` (a signature line's bytes after the key id) covers the note text; `undefined` where this type
   * cannot be verified here, so that its signatures are ignored as those of an unknown key.
   */
  readonly verify: ((text: string, signature: Bytes) => boolean) | undefined;
}

export type VkeyFault = Fault<"malformed-vkey" | "bad-key-name" | "bad-key-id" | "bad-public-key">;

export const ED25519_SIGNATURE_LENGTH = 64;
export const ML_DSA_44_SIGNATURE_LENGTH = 2420;

/** No defined key is longer (ML-DSA-44: about 1,800 characters and its name). */
const MAX_VKEY_LENGTH = 4096;

const KEY_NAME = /^[^\p{White_Space}\p{Surrogate}\u0000-\u001f+]+$/u;

/** Whether a name may stand in a signature line: not empty, no Unicode space, no plus, no ASCII control character. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name);
}

/** SHA-256(name || LF || type || public key)[:4], the id that c2sp.org/signed-note recommends and its types 01, 04 and 06 demand. */
export function keyIdOf(name: string, type: number, publicKey: Bytes): number {
  const digest = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0);
}

/** Reads `name+hex8+base64`. Weak Ed25519 keys and ids that do not fit the key are refused for the types known here. */
export function parseVkey(text: string): Result<Verifier, VkeyFault> {
  if (text.length > MAX_VKEY_LENGTH) return err("malformed-vkey", `longer than ${MAX_VKEY_LENGTH} characters`);
  const [name = "", id = ""] = text.split("+", 2);
  const key = fromBase64(text.slice(name.length + id.length + 2));
  if (!/^[0-9a-f]{8}$/.test(id) || key === undefined || key.length < 2) {
    return err("malformed-vkey", "a verifier key reads name+hex8+base64");
  }
  if (!isKeyName(name))
    return err("bad-key-name", "the key's name is empty or holds a space, plus or control character");
  const type = key[0] as number;
  const publicKey = key.subarray(1);
  const keyId = Number.parseInt(id, 16);
  if (!isKnownType(type)) return ok({ name, keyId, type, publicKey, verify: undefined });
  const flaw = publicKeyFlaw(type, publicKey);
  if (flaw !== undefined) return err("bad-public-key", flaw);
  if (keyIdOf(name, type, publicKey) !== keyId) {
    return err("bad-key-id", `${id} is not the id of this name and key; was the key copied whole?`);
  }
  return ok(verifier(name, type, publicKey));
}

/** Writes `name+hex8+base64`. */
export function formatVkey(key: Verifier): string {
  return `${key.name}+${keyIdHex(key.keyId)}+${toBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

export function keyIdHex(keyId: number): string {
  return keyId.toString(16).padStart(8, "0");
}

/** The verifier of a public key of one of the known types. Throws on a bad name or key: those come from our own code. */
export function verifier(name: string, type: number, publicKey: Bytes): Verifier {
  assert(isKeyName(name), `"${name}" cannot name a key`);
  assert(isKnownType(type) && publicKeyFlaw(type, publicKey) === undefined, `not a public key of type ${type}`);
  return {
    name,
    keyId: keyIdOf(name, type, publicKey),
    type,
    publicKey,
    verify: verifyFunction(name, type, publicKey),
  };
}

export function isSameKey(a: Verifier, b: Verifier): boolean {
  return a.name === b.name && a.type === b.type && toHex(a.publicKey) === toHex(b.publicKey);
}

/** Whether `signature` is this key's ML-DSA-44 cosignature with time 0 of a subtree; false wherever it cannot be verified. */
export function verifySubtreeCosignature(key: Verifier, subtree: Subtree, signature: Bytes): boolean {
  const parts = splitTimestamped(signature, ML_DSA_44_SIGNATURE_LENGTH);
  const message = subtreeMessage(key.name, 0, subtree);
  if (key.type !== KEY_TYPE.mlDsa44 || parts?.timestamp !== 0 || message === undefined) return false;
  return mlDsa44?.verify(key.publicKey, message, parts.signature) ?? false;
}

function isKnownType(type: number): boolean {
  return type === KEY_TYPE.ed25519 || type === KEY_TYPE.cosignature || type === KEY_TYPE.mlDsa44;
}

function publicKeyFlaw(type: number, publicKey: Bytes): string | undefined {
  if (type === KEY_TYPE.mlDsa44) return publicKey.length === 1312 ? undefined : "an ML-DSA-44 key has 1312 bytes";
  if (publicKey.length !== 32) return "an Ed25519 key has 32 bytes";
  return isPlainEd25519Key(publicKey) ? undefined : "the Ed25519 key is a point of small order or not canonical";
}

function verifyFunction(name: string, type: number, publicKey: Bytes): Verifier["verify"] {
  if (type === KEY_TYPE.ed25519) return (text, signature) => ed25519Verify(publicKey, utf8(text), signature);
  if (type === KEY_TYPE.cosignature) {
    return (text, signature) => {
      const parts = splitTimestamped(signature, ED25519_SIGNATURE_LENGTH);
      return (
        parts !== undefined && ed25519Verify(publicKey, cosignatureMessage(text, parts.timestamp), parts.signature)
      );
    };
  }
  const backend = mlDsa44;
  if (backend === undefined) return undefined;
  return (text, signature) => {
    const parts = splitTimestamped(signature, ML_DSA_44_SIGNATURE_LENGTH);
    const message = parts && checkpointSubtreeMessage(name, parts.timestamp, text);
    return message !== undefined && parts !== undefined && backend.verify(publicKey, message, parts.signature);
  };
}
