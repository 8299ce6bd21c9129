import {
  assert,
  type Bytes,
  concatBytes,
  equalBytes,
  err,
  type Fault,
  ok,
  type Result,
  sha256,
  sha512,
  utf8,
} from "@detente/basics";
import { type BadElement, ELEMENT_BYTES, type Group, UNIFORM_BYTES } from "../group.ts";
import { MAX_BATCH } from "../lookup/batch-class.ts";
import { PROOF_BYTES, prove, verifyProof } from "../oprf/dleq.ts";
import { publicKeyOf } from "../oprf/oprf.ts";
import { uniformOf } from "../oprf/suite.ts";
import { setClass } from "../set/tag.ts";
import { type BadMessage, batchesOf, encodeStep, MAX_LIST, parseStep } from "./message.ts";
import { names, reordered, sortedElements, sortedOrder } from "./sorted.ts";

/** What a party puts on the record before any list is sent: it cannot choose its list by the other's any more. */
export interface Commitment {
  readonly publicKey: Bytes;
  /** The class of the list, which is charged to the budget. */
  readonly count: number;
  /** SHA-256 of the message `list`. */
  readonly list: Bytes;
}

/** A party's own side, from beginning to end. Secret. */
export interface Side {
  readonly key: Bytes;
  /** 32 secret random bytes, for the nonces of the proofs. */
  readonly nonceKey: Bytes;
  /** The inputs in the order of their blinded elements; undefined for padding. */
  readonly inputs: readonly (Bytes | undefined)[];
  readonly blinded: Bytes;
  readonly commitment: Commitment;
}

/** After the lists were exchanged. */
export interface Exchanged {
  readonly side: Side;
  readonly theirs: Commitment;
  readonly theirBlinded: Bytes;
  /** Their list under both keys, in their order. */
  readonly doubled: Bytes;
}

/** After the sorted lists were exchanged. */
export interface Counted extends Exchanged {
  /** Our list under both keys, sorted, as they claim it. */
  readonly claimed: Bytes;
  /** How many items both have: true if the other side is honest, see `showContents`. */
  readonly count: number;
}

export type IntersectionFault = BadMessage | BadElement | Fault<"not-committed" | "bad-proof" | "not-as-counted">;

/** Random bytes that `begin` wants for so many inputs. */
export function randomBytesToBegin(inputs: number): number {
  return UNIFORM_BYTES * (setClass(inputs) + 1) + 32;
}

/**
 * Begins an intersection under a key for it alone. The commitment goes on the record; the list is sent only when the
 * other's is there too.
 * @param inputs distinct, see `matchInput`
 * @param random fresh bytes, as many as `randomBytesToBegin` says
 */
export function begin(group: Group, inputs: readonly Bytes[], random: Bytes): Side {
  const count = setClass(inputs.length);
  assert(count <= MAX_LIST && random.length === randomBytesToBegin(inputs.length), "a list of a size that is allowed");
  const key = group.reduce(random.subarray(0, UNIFORM_BYTES));
  const padding = random.subarray(UNIFORM_BYTES, UNIFORM_BYTES * (count - inputs.length + 1));
  const elements = group.multiplyUniform(concatBytes(uniformOf(group, "voprf", inputs), padding), key);
  const order = sortedOrder(elements);
  const blinded = reordered(elements, order);
  const list = sha256(encodeStep("list", blinded));
  const commitment = { publicKey: publicKeyOf(group, key), count, list };
  return { key, nonceKey: random.slice(-32), inputs: order.map((i) => inputs[i]), blinded, commitment };
}

/** The message `list`: for when both commitments are on the record. */
export function listOf({ blinded }: Side): Bytes {
  return encodeStep("list", blinded);
}

/** Takes the other's list, which must be the committed one, and multiplies it by our key. */
export function exchange(
  group: Group,
  side: Side,
  theirs: Commitment,
  list: Bytes,
): Result<Exchanged, IntersectionFault> {
  const parts = parseStep("list", list, theirs.count);
  if (!parts.ok) return parts;
  if (!equalBytes(sha256(list), theirs.list)) {
    return err("not-committed", "intersection: the list is not the one on the record; abort, and say so on the record");
  }
  const theirBlinded = parts.value.elements;
  const doubled = group.multiply(theirBlinded, side.key);
  return doubled.ok ? ok({ side, theirs, theirBlinded, doubled: doubled.value }) : doubled;
}

/** The message `counted`: the other's list under both keys, sorted, so that it learns how many are common and not which. */
export function countedOf({ doubled }: Exchanged): Bytes {
  return encodeStep("counted", sortedElements(doubled));
}

/** Counts what both have. Without a proof of the shuffle the other side may have lied; `showContents` finds it out. */
export function countCommon(exchanged: Exchanged, message: Bytes): Result<Counted, IntersectionFault> {
  const parts = parseStep("counted", message, exchanged.side.commitment.count);
  if (!parts.ok) return parts;
  const claimed = parts.value.elements;
  if (!equalBytes(claimed, sortedElements(claimed))) return err("bad-message", "intersection: not sorted; abort");
  const common = new Set(names(exchanged.doubled));
  return ok({ ...exchanged, claimed, count: names(claimed).filter((name) => common.has(name)).length });
}

/** The message `contents`: the other's list under both keys in its order, proven. For when both consent on the record. */
export function contentsOf(group: Group, { side, theirs, theirBlinded, doubled }: Counted): Bytes {
  const { publicKey } = side.commitment;
  const proofs = Array.from({ length: batchesOf(theirs.count) }, (_, i) => {
    const all = { publicKey, blinded: batch(theirBlinded, i), evaluated: batch(doubled, i) };
    const position = Uint8Array.of(i >> 8, i & 0xff);
    const seed = concatBytes(utf8("detente intersection nonce v1\n"), side.nonceKey, theirs.list, position);
    const proof = prove(group, side.key, all, group.reduce(sha512(seed)));
    assert(proof.ok, "elements were checked when the lists were exchanged");
    return proof.value;
  });
  return encodeStep("contents", doubled, concatBytes(...proofs));
}

/** Which of our inputs the other has too, proven; and whether it told the truth when we counted. */
export function showContents(
  group: Group,
  { side, theirs, doubled, claimed }: Counted,
  message: Bytes,
): Result<readonly Bytes[], IntersectionFault> {
  const parts = parseStep("contents", message, side.commitment.count);
  if (!parts.ok) return parts;
  const { elements, proofs } = parts.value;
  for (let i = 0; i < batchesOf(side.commitment.count); i++) {
    const all = { publicKey: theirs.publicKey, blinded: batch(side.blinded, i), evaluated: batch(elements, i) };
    const proven = verifyProof(group, all, proofs.subarray(PROOF_BYTES * i, PROOF_BYTES * (i + 1)));
    if (!proven.ok) return proven;
  }
  if (!equalBytes(sortedElements(elements), claimed)) {
    return err("not-as-counted", "intersection: counted with other elements than are proven now; keep both messages");
  }
  const common = new Set(names(doubled));
  return ok(names(elements).flatMap((name, i) => (common.has(name) ? inputAt(side, i) : [])));
}

function inputAt({ inputs }: Side, i: number): readonly Bytes[] {
  const input = inputs[i];
  return input === undefined ? [] : [input];
}

function batch(elements: Bytes, i: number): Bytes {
  return elements.subarray(ELEMENT_BYTES * MAX_BATCH * i, ELEMENT_BYTES * MAX_BATCH * (i + 1));
}
