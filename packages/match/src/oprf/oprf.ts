import { assert, type Bytes, ok, type Result, utf8 } from "@detente/basics";
import { at, BASE, type BadElement, bytesOf, ELEMENT_BYTES, type Elements, type Group, isZero } from "../group.ts";
import { lengthOf, type Mode, twoBytes, uniformOf } from "./suite.ts";

/** Bytes of an output: those of SHA-512. */
export const OUTPUT_BYTES = 64;

const ELEMENT_LENGTH = twoBytes(ELEMENT_BYTES);
const FINALIZE = utf8("Finalize");

/** The public half of a key (RFC 9497 §3.2). */
export function publicKeyOf(group: Group, key: Bytes): Bytes {
  const product = group.multiply(BASE, key);
  assert(product.ok && !isZero(product.value), "a key is a scalar other than zero");
  return product.value;
}

/**
 * Blinds inputs: H(input) + blind · generator. What comes out is uniformly distributed whatever the input, as with Blind
 * (RFC 9497 §3.3.1), which multiplies instead; multiples of a base that does not change cost a fifth. Jarecki, Krawczyk
 * and Xu (eprint 2021/273) show what this lacks where the answerer's key is not authenticated: `finalize` says what that
 * asks for, docs/matching.md why it is enough.
 * @param blinds a uniformly random scalar for each input, fresh each time
 * @returns the blinded elements, packed
 */
export function blind(group: Group, mode: Mode, inputs: readonly Bytes[], blinds: Bytes): Bytes {
  assert(blinds.length === ELEMENT_BYTES * inputs.length, "every input has a blind of its own");
  return group.addToUniform(uniformOf(group, mode, inputs), blinds);
}

/** BlindEvaluate (RFC 9497 §3.3.1) without a proof. */
export function blindEvaluate(group: Group, key: Bytes, blinded: Elements): Result<Bytes, BadElement> {
  return group.multiply(blinded, key);
}

/**
 * Takes the blinds out, evaluated − blind · publicKey, and gives an output of 64 bytes for each input, that of Finalize
 * (RFC 9497 §3.3.1). Only after `verifyProof` has shown that all was evaluated by the key of this very public key: an
 * answer by another would depend on the blind, and what becomes of it could tell the answerer the input.
 */
export function finalize(
  group: Group,
  publicKey: Bytes,
  inputs: readonly Bytes[],
  blinds: Bytes,
  evaluated: Elements,
): Result<readonly Bytes[], BadElement> {
  assert(blinds.length === bytesOf(evaluated).length, "every element has a blind of its own");
  const unblinded = group.subtractMultiples(evaluated, publicKey, blinds);
  return unblinded.ok ? ok(outputsOf(group, inputs, unblinded.value)) : unblinded;
}

/** Evaluate (RFC 9497 §3.3.1): what blinding, evaluating and finalizing give, for whoever holds the key. */
export function evaluate(group: Group, mode: Mode, key: Bytes, inputs: readonly Bytes[]): readonly Bytes[] {
  return outputsOf(group, inputs, group.multiplyUniform(uniformOf(group, mode, inputs), key));
}

/** The end of Finalize: the hash of an input and its element under the key. */
export function outputsOf(group: Group, inputs: readonly Bytes[], elements: Bytes): readonly Bytes[] {
  const digests = group.sha512(
    inputs.map((input, i) => [lengthOf(input), input, ELEMENT_LENGTH, at(elements, i), FINALIZE]),
  );
  return inputs.map((_, i) => digests.subarray(OUTPUT_BYTES * i, OUTPUT_BYTES * (i + 1)));
}
