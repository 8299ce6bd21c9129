import { assert, type Bytes, ed25519PublicKey, ed25519Sign, mlDsa44, present, utf8 } from "@detente/basics";
import {
  checkpointSubtreeMessage,
  cosignatureMessage,
  subtreeMessage,
  type Subtree,
  timestamped,
} from "./cosignature.ts";
import { formatNote, type NoteSignature } from "./note.ts";
import { KEY_TYPE, type Verifier, verifier } from "./vkey.ts";

/** A private key that signs note texts as they are: a log's key. */
export interface Signer {
  readonly verifier: Verifier;
  sign(text: string): NoteSignature;
}

/** A private key that signs checkpoints together with a time: the key of a witness or a mirror. */
export interface Cosigner {
  readonly verifier: Verifier;
  /** Signs a checkpoint's text; `timestamp` in whole seconds since the epoch. */
  cosign(text: string, timestamp: number): NoteSignature;
  /** Signs a subtree, with time 0; `undefined` for keys that cannot (Ed25519). */
  readonly cosignSubtree: ((subtree: Subtree) => NoteSignature) | undefined;
}

const SEED_LENGTH = 32;

/** A log's Ed25519 key (type 01) of a 32-byte seed. By convention `name` is the log's origin. */
export function ed25519Signer(name: string, seed: Bytes): Signer {
  const key = verifier(name, KEY_TYPE.ed25519, ed25519PublicKey(checkedSeed(seed)));
  return { verifier: key, sign: (text) => signatureBy(key, ed25519Sign(seed, utf8(text))) };
}

/**
 * A cosigner's Ed25519 key (type 04) of a 32-byte seed. What it signs does not name the cosigner, so a seed must serve
 * one cosigner only (c2sp.org/tlog-cosignature, "Ed25519 signed message").
 */
export function ed25519Cosigner(name: string, seed: Bytes): Cosigner {
  const key = verifier(name, KEY_TYPE.cosignature, ed25519PublicKey(checkedSeed(seed)));
  return {
    verifier: key,
    cosign: (text, timestamp) =>
      signatureBy(key, timestamped(timestamp, ed25519Sign(seed, cosignatureMessage(text, timestamp)))),
    cosignSubtree: undefined,
  };
}

/** A cosigner's ML-DSA-44 key (type 06) of a 32-byte seed; `undefined` where the platform has no ML-DSA. */
export function mlDsa44Cosigner(name: string, seed: Bytes): Cosigner | undefined {
  const backend = mlDsa44;
  if (backend === undefined) return undefined;
  const key = verifier(name, KEY_TYPE.mlDsa44, backend.publicKey(checkedSeed(seed)));
  const sign = (timestamp: number, message: Bytes | undefined): NoteSignature =>
    signatureBy(key, timestamped(timestamp, backend.sign(seed, present(message, "a message that can be cosigned"))));
  return {
    verifier: key,
    cosign: (text, timestamp) => sign(timestamp, checkpointSubtreeMessage(name, timestamp, text)),
    cosignSubtree: (subtree) => sign(0, subtreeMessage(name, 0, subtree)),
  };
}

/** A note of this text, signed by each signer in turn. */
export function signNote(text: string, signers: readonly Signer[]): Bytes {
  return formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
}

function signatureBy(key: Verifier, signature: Bytes): NoteSignature {
  return { name: key.name, keyId: key.keyId, signature };
}

function checkedSeed(seed: Bytes): Bytes {
  assert(seed.length === SEED_LENGTH, `a seed has ${SEED_LENGTH} bytes`);
  return seed;
}
