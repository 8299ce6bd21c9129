import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, sha256 } from "@detente/basics";
import { type BadElement, type Group, UNIFORM_BYTES } from "../group.ts";
import { publicKeyOf } from "../oprf/oprf.ts";
import { uniformOf } from "../oprf/suite.ts";
import { type BadMessage, badMessage, encodeStep, parseStep } from "./message.ts";
import { isAscending, reordered, sortedOrder } from "./sorted.ts";

/** What a party puts on the record before any list is sent: it cannot choose its list by the other's any more. */
export interface ListCommitment {
  readonly publicKey: Bytes;
  /** The class of the list (see `setClass`), which is charged to the budget. */
  readonly count: number;
  /** SHA-256 of the message `list`: hides the list as long as the key is secret, since all in it is under that key. */
  readonly digest: Bytes;
}

/** @param random 64 fresh bytes: a key for one intersection alone */
export function meetingKey(group: Group, random: Bytes): { readonly key: Bytes; readonly publicKey: Bytes } {
  const key = group.reduce(random);
  return { key, publicKey: publicKeyOf(group, key) };
}

/**
 * A part of a list under its key: the elements of the inputs, then those of the padding.
 * @param inputs distinct over all parts, see `matchInput`
 * @param padding 64 fresh random bytes for each element that pads
 */
export function blindPart(group: Group, key: Bytes, inputs: readonly Bytes[], padding: Bytes): Bytes {
  return group.multiplyUniform(concatBytes(uniformOf(group, "voprf", inputs), padding), key);
}

/** The message `list` of all parts one after the other, and where in them each of its elements stood. */
export function arrangeList(elements: Bytes): {
  readonly message: Bytes;
  readonly digest: Bytes;
  readonly order: Uint32Array;
} {
  const order = sortedOrder(elements);
  const message = encodeStep("list", reordered(elements, order));
  return { message, digest: sha256(message), order };
}

/** Random bytes that pad so many elements. */
export function paddingBytes(elements: number): number {
  return UNIFORM_BYTES * elements;
}

/**
 * The elements of the other's message `list`, which is the committed one and has none twice. Whether each is an element
 * is found out by multiplying it.
 */
export function checkList(
  { count, digest }: Pick<ListCommitment, "count" | "digest">,
  message: Bytes,
): Result<Bytes, BadMessage | Fault<"not-committed">> {
  if (!equalBytes(sha256(message), digest)) {
    return err("not-committed", "meeting: the list is not the one on the record; ask for it again, or end the meeting");
  }
  return readList(message, count);
}

/** The elements of a message `list`, none twice. */
export function readList(message: Bytes, count: number): Result<Bytes, BadMessage> {
  const parts = parseStep("list", message, count);
  if (!parts.ok) return parts;
  const { elements } = parts.value;
  return isAscending(elements) ? ok(elements) : badMessage("list", count);
}

/** A part of the other's list under both keys. */
export function multiplyPart(group: Group, key: Bytes, elements: Bytes): Result<Bytes, BadElement> {
  return group.multiply(elements, key);
}
