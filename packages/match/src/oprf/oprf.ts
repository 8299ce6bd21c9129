import { assert, type Bytes, concatBytes, err, type Fault, ok, type Result, sha512, utf8 } from "@detente/basics";
import { at, BASE, type BadElement, ELEMENT_BYTES, type Group, isZero } from "../group.ts";
import { type Mode, prefixed, uniformOf } from "./suite.ts";

/** Bytes of an output: those of SHA-512. */
export const OUTPUT_BYTES = 64;

/** The public half of a key (RFC 9497 §3.2). */
export function publicKeyOf(group: Group, key: Bytes): Bytes {
  const product = group.multiply(BASE, key);
  assert(product.ok && !isZero(product.value), "a key is a scalar other than zero");
  return product.value;
}

/**
 * Blind (RFC 9497 §3.3.1), many inputs at a time.
 * @param blinds a random scalar other than zero for each input, fresh each time
 * @returns the blinded elements, packed
 */
export function blind(
  group: Group,
  mode: Mode,
  inputs: readonly Bytes[],
  blinds: Bytes,
): Result<Bytes, Fault<"bad-input">> {
  assert(blinds.length === ELEMENT_BYTES * inputs.length, "every input has a blind of its own");
  const blinded = group.multiplyUniform(uniformOf(mode, inputs), blinds);
  const bad = inputs.findIndex((_, i) => isZero(at(blinded, i)));
  // No such input is known, and to find one is as hard as to break the hash.
  return bad === -1 ? ok(blinded) : err("bad-input", `input ${bad}: hashes to the identity; leave it out`);
}

/** BlindEvaluate (RFC 9497 §3.3.1) without a proof. */
export function blindEvaluate(group: Group, key: Bytes, blinded: Bytes): Result<Bytes, BadElement> {
  return group.multiply(blinded, key);
}

/** Finalize (RFC 9497 §3.3.1): an output of 64 bytes for each input. In mode `voprf` verify the proof first. */
export function finalize(
  group: Group,
  inputs: readonly Bytes[],
  blinds: Bytes,
  evaluated: Bytes,
): Result<readonly Bytes[], BadElement> {
  assert(blinds.length === evaluated.length, "every element has a blind of its own");
  const unblinded = group.multiply(evaluated, group.invert(blinds));
  return unblinded.ok ? ok(inputs.map((input, i) => outputOf(input, at(unblinded.value, i)))) : unblinded;
}

/** Evaluate (RFC 9497 §3.3.1): what blinding, evaluating and finalizing give, for whoever holds the key. */
export function evaluate(group: Group, mode: Mode, key: Bytes, inputs: readonly Bytes[]): readonly Bytes[] {
  const elements = group.multiplyUniform(uniformOf(mode, inputs), key);
  return inputs.map((input, i) => outputOf(input, at(elements, i)));
}

function outputOf(input: Bytes, element: Bytes): Bytes {
  return sha512(concatBytes(prefixed(input), prefixed(element), utf8("Finalize")));
}
