import { assert, type Bytes, concatBytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import {
  at,
  BASE,
  type BadElement,
  bytesOf,
  ELEMENT_BYTES,
  type Elements,
  type Group,
  isScalar,
  multiplied,
  SCALAR_BYTES,
  type Term,
} from "../group.ts";
import { context, hashToScalars, prefixed, twoBytes } from "./suite.ts";

/** What RFC 9497 §2.2 puts before elements, and behind what is hashed. */
const LENGTH: Bytes = twoBytes(ELEMENT_BYTES);
const SEED: Bytes = prefixed(concatBytes(utf8("Seed-"), context("voprf")));
const COMPOSITE: Bytes = utf8("Composite");
const CHALLENGE: Bytes = utf8("Challenge");

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
  const points = countOf(all) === 1 ? provenOfOne(group, key, all, nonce) : provenOfMany(group, key, all, nonce);
  if (!points.ok) return points;
  const challenge = challengeOf(group, all.publicKey, points.value);
  return ok(concatBytes(challenge, group.subtractProduct(nonce, challenge, key)));
}

/** M, Z, t2 and t3 of RFC 9497 §2.2: what the challenge is the hash of, packed. */
type Points = Bytes;

function provenOfMany(group: Group, key: Bytes, all: Evaluated, nonce: Bytes): Result<Points, BadElement> {
  const composite = group.combine(all.blinded, weights(group, all));
  if (!composite.ok) return composite;
  const m = composite.value;
  // ComputeCompositesFast: the sum over the outputs is the key times that over the inputs.
  const products = group.sums([[[m, key]], [[BASE, nonce]], [[m, nonce]]]);
  return products.ok ? ok(concatBytes(m, products.value)) : products;
}

/** The composite is a multiple of the only element, and so is all but t2. */
function provenOfOne(group: Group, key: Bytes, all: Evaluated, nonce: Bytes): Result<Points, BadElement> {
  const weight = weights(group, all);
  const [z, t3] = [multiplied(group, weight, key), multiplied(group, weight, nonce)];
  const { blinded } = all;
  return group.sums([[[blinded, weight]], [[blinded, z]], [[BASE, nonce]], [[blinded, t3]]]);
}

/** VerifyProof (RFC 9497 §2.2.2). Refuses elements that are none, whatever the proof says. */
export function verifyProof(group: Group, all: Evaluated, proof: Bytes): Result<void, BadElement | Fault<"bad-proof">> {
  const challenge = proof.subarray(0, SCALAR_BYTES);
  const response = proof.subarray(SCALAR_BYTES);
  if (!isScalar(challenge) || !isScalar(response)) {
    return err("bad-proof", "proof: not two scalars of 32 bytes below the group's order");
  }
  const points = countOf(all) === 1 ? claimedOfOne(group, all, proof) : claimedOfMany(group, all, proof);
  if (!points.ok) return points;
  const expected = challengeOf(group, all.publicKey, points.value);
  if (expected.every((byte, i) => byte === challenge[i])) return ok(undefined);
  return err("bad-proof", "proof: the answers were not made with the key on the record; keep the transcript");
}

function claimedOfMany(group: Group, all: Evaluated, proof: Bytes): Result<Points, BadElement> {
  const factors = weights(group, all);
  const m = group.combine(all.blinded, factors);
  if (!m.ok) return m;
  const z = group.combine(all.evaluated, factors);
  if (!z.ok) return z;
  const { publicKey } = all;
  const [challenge, response] = [at(proof, 0), at(proof, 1)];
  const t2: Term[] = [
    [BASE, response],
    [publicKey, challenge],
  ];
  const t3: Term[] = [
    [m.value, response],
    [z.value, challenge],
  ];
  const commitments = group.sums([t2, t3], publicKey);
  return commitments.ok ? ok(concatBytes(m.value, z.value, commitments.value)) : commitments;
}

/** As `provenOfOne`. */
function claimedOfOne(group: Group, all: Evaluated, proof: Bytes): Result<Points, BadElement> {
  const weight = weights(group, all);
  const [challenge, response] = [at(proof, 0), at(proof, 1)];
  const { publicKey, blinded, evaluated } = all;
  const t2: Term[] = [
    [BASE, response],
    [publicKey, challenge],
  ];
  const t3: Term[] = [
    [blinded, multiplied(group, weight, response)],
    [evaluated, multiplied(group, weight, challenge)],
  ];
  return group.sums([[[blinded, weight]], [[evaluated, weight]], t2, t3], publicKey);
}

function countOf(all: Evaluated): number {
  return bytesOf(all.blinded).length / ELEMENT_BYTES;
}

/** The d_i of ComputeComposites (RFC 9497 §2.2.1), by which the elements are summed up. */
function weights(group: Group, all: Evaluated): Bytes {
  const [blinded, evaluated] = [bytesOf(all.blinded), bytesOf(all.evaluated)];
  assert(blinded.length === evaluated.length, "every element has an answer");
  const head = prefixed(group.sha512([[LENGTH, all.publicKey, SEED]]));
  const inputs = Array.from({ length: blinded.length / ELEMENT_BYTES }, (_, i) => {
    return [head, twoBytes(i), LENGTH, at(blinded, i), LENGTH, at(evaluated, i), COMPOSITE];
  });
  return hashToScalars(group, "voprf", inputs);
}

function challengeOf(group: Group, publicKey: Bytes, points: Points): Bytes {
  const elements = [publicKey, ...[0, 1, 2, 3].map((i) => at(points, i))];
  return hashToScalars(group, "voprf", [[...elements.flatMap((element) => [LENGTH, element]), CHALLENGE]]);
}
