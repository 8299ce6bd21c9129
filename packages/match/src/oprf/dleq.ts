import { assert, type Bytes, concatBytes, err, type Fault, ok, type Result, sha512, utf8 } from "@detente/basics";
import {
  at,
  BASE,
  type BadElement,
  bytesOf,
  type Decoded,
  ELEMENT_BYTES,
  type Elements,
  type Group,
  isScalar,
  SCALAR_BYTES,
} from "../group.ts";
import { context, hashToScalars, prefixed, twoBytes } from "./suite.ts";

/** Challenge and response, 32 bytes each. */
export const PROOF_BYTES = 64;

/** Elements before and after they were multiplied by a key, packed, and the key's public half. */
export interface Evaluated {
  readonly publicKey: Bytes;
  readonly blinded: Elements;
  readonly evaluated: Elements;
}

/**
 * GenerateProof (RFC 9497 §2.2.1): that all of `evaluated` is `blinded` times the key of `publicKey`.
 * @param nonce a random scalar, never used twice: two proofs under one nonce give the key away
 */
export function prove(group: Group, key: Bytes, all: Evaluated, nonce: Bytes): Result<Bytes, BadElement> {
  const composite = group.combine(all.blinded, weights(group, all));
  if (!composite.ok) return composite;
  // ComputeCompositesFast: the sum over the outputs is the key times that over the inputs.
  const elements: Decoded = { bytes: concatBytes(composite.value, BASE, composite.value) };
  const products = group.multiply(elements, concatBytes(key, nonce, nonce));
  if (!products.ok) return products;
  const [z, t2, t3] = [0, 1, 2].map((i) => at(products.value, i)) as [Bytes, Bytes, Bytes];
  const challenge = challengeOf(group, [all.publicKey, composite.value, z, t2, t3]);
  return ok(concatBytes(challenge, group.subtractProduct(nonce, challenge, key)));
}

/** VerifyProof (RFC 9497 §2.2.2). Refuses elements that are none, whatever the proof says. */
export function verifyProof(group: Group, all: Evaluated, proof: Bytes): Result<void, BadElement | Fault<"bad-proof">> {
  const challenge = proof.subarray(0, SCALAR_BYTES);
  const response = proof.subarray(SCALAR_BYTES);
  if (!isScalar(challenge) || !isScalar(response)) {
    return err("bad-proof", "proof: not two scalars of 32 bytes below the group's order");
  }
  const publicKey = group.decode(all.publicKey);
  if (!publicKey.ok) return publicKey;
  const factors = weights(group, all);
  const m = group.combine(all.blinded, factors);
  if (!m.ok) return m;
  const z = group.combine(all.evaluated, factors);
  if (!z.ok) return z;
  const elements: Decoded = { bytes: concatBytes(BASE, all.publicKey, m.value, z.value) };
  const commitments = group.combine(elements, concatBytes(response, challenge, response, challenge), 2);
  if (!commitments.ok) return commitments;
  const [t2, t3] = [at(commitments.value, 0), at(commitments.value, 1)];
  const expected = challengeOf(group, [all.publicKey, m.value, z.value, t2, t3]);
  if (expected.every((byte, i) => byte === challenge[i])) return ok(undefined);
  return err("bad-proof", "proof: the answers were not made with the key on the record; keep the transcript");
}

/** The d_i of ComputeComposites (RFC 9497 §2.2.1), by which the elements are summed up. */
function weights(group: Group, all: Evaluated): Bytes {
  const [blinded, evaluated] = [bytesOf(all.blinded), bytesOf(all.evaluated)];
  assert(blinded.length === evaluated.length, "every element has an answer");
  const seed = sha512(concatBytes(prefixed(all.publicKey), prefixed(concatBytes(utf8("Seed-"), context("voprf")))));
  const head = prefixed(seed);
  const length = twoBytes(ELEMENT_BYTES);
  const tail = utf8("Composite");
  const inputs = Array.from({ length: blinded.length / ELEMENT_BYTES }, (_, i) => {
    return [head, twoBytes(i), length, at(blinded, i), length, at(evaluated, i), tail];
  });
  return hashToScalars(group, "voprf", inputs);
}

function challengeOf(group: Group, elements: readonly Bytes[]): Bytes {
  return hashToScalars(group, "voprf", [[...elements.map(prefixed), utf8("Challenge")]]);
}
