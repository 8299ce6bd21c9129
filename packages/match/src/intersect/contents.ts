import {
  assert,
  type Bytes,
  concatBytes,
  equalBytes,
  err,
  type Fault,
  type Result,
  sha512,
  utf8,
} from "@detente/basics";
import { at, type BadElement, ELEMENT_BYTES, type Group } from "../group.ts";
import { MAX_BATCH } from "../lookup/batch-class.ts";
import { PROOF_BYTES, prove, verifyProof } from "../oprf/dleq.ts";
import { type BadMessage, encodeStep, type Parts, parseStep } from "./message.ts";
import { includes, sortedElements } from "./sorted.ts";

export interface Prover {
  readonly key: Bytes;
  readonly publicKey: Bytes;
  /** 32 secret random bytes, for the nonces of the proofs. */
  readonly nonceKey: Bytes;
}

/** Elements before and after they were multiplied by a key. */
export interface Doubling {
  readonly blinded: Bytes;
  readonly doubled: Bytes;
}

/** A part of a doubling, 1,024 elements at most, in bytes of its own. @param part from 0 */
export function doublingPart({ blinded, doubled }: Doubling, part: number): Doubling {
  const batch = (elements: Bytes): Bytes =>
    elements.slice(ELEMENT_BYTES * MAX_BATCH * part, ELEMENT_BYTES * MAX_BATCH * (part + 1));
  return { blinded: batch(blinded), doubled: batch(doubled) };
}

/** The proof that a part of the other's list was multiplied by the key on the record: 64 bytes. */
export function provePart(group: Group, { key, publicKey, nonceKey }: Prover, { blinded, doubled }: Doubling): Bytes {
  // The nonce depends on all that is proven: the same proof comes again after a crash, and no other under its nonce.
  const seed = concatBytes(utf8("detente intersection nonce v1\n"), nonceKey, publicKey, blinded, doubled);
  const proof = prove(group, key, { publicKey, blinded, evaluated: doubled }, group.reduce(sha512(seed)));
  assert(proof.ok, "elements were checked when the lists were exchanged");
  return proof.value;
}

/** The message `contents`: the other's list under both keys in its order, proven. For when both consent on the record. */
export function contentsMessage(doubled: Bytes, proofs: readonly Bytes[]): Bytes {
  return encodeStep("contents", doubled, concatBytes(...proofs));
}

/**
 * What a message `contents` claims: our list under both keys in our order, which is what the other counted with.
 * @param count of our list
 * @param counted its elements as the other side gave them when we counted
 */
export function checkContents(
  message: Bytes,
  count: number,
  counted: Bytes,
): Result<Parts, BadMessage | Fault<"not-as-counted">> {
  const parts = parseStep("contents", message, count);
  if (!parts.ok || equalBytes(sortedElements(parts.value.elements), counted)) return parts;
  return err(
    "not-as-counted",
    "meeting: counted with other elements than are shown now; end it, and keep both messages",
  );
}

/** Whether a part of what was shown was made with the key on the record. */
export function verifyPart(
  group: Group,
  publicKey: Bytes,
  { blinded, doubled }: Doubling,
  proof: Bytes,
): Result<void, BadElement | Fault<"bad-proof">> {
  return verifyProof(group, { publicKey, blinded, evaluated: doubled }, proof);
}

/** The proof of a part among those of a message. @param part from 0 */
export function proofOf(proofs: Bytes, part: number): Bytes {
  return proofs.slice(PROOF_BYTES * part, PROOF_BYTES * (part + 1));
}

/**
 * The places in our list of what the other has too.
 * @param shown our list under both keys, in our order
 * @param ours the other's list under both keys, sorted, as we made it
 */
export function commonPlaces(shown: Bytes, ours: Bytes): readonly number[] {
  const places = Array.from({ length: shown.length / ELEMENT_BYTES }, (_, i) => i);
  return places.filter((i) => includes(ours, at(shown, i)));
}
