import { type Bytes, equalBytes, ok, type Result } from "@detente/basics";
import { type BadMessage, badMessage, encodeStep, parseStep } from "./message.ts";
import { commonCount, isAscending, sortedElements } from "./sorted.ts";

/**
 * The message `counted`: the other's list under both keys, sorted, so that the other learns how many are common and not
 * which. Nothing proves that these are its elements: a count is true where both sides are honest.
 * @param doubled in the other's order
 */
export function countedMessage(doubled: Bytes): Bytes {
  return encodeStep("counted", sortedElements(doubled));
}

/** @param count of the list of whoever gets the message */
export function readCounted(message: Bytes, count: number): Result<Bytes, BadMessage> {
  const parts = parseStep("counted", message, count);
  if (!parts.ok) return parts;
  return isAscending(parts.value.elements) ? ok(parts.value.elements) : badMessage("counted", count);
}

/**
 * How many items both have, by the messages `counted` of both. Whoever has both messages counts the same, so that a false
 * number can be shown.
 * @param counts of the lists: ours, theirs
 */
export function countCommon(
  { ours, theirs }: { readonly ours: Bytes; readonly theirs: Bytes },
  counts: { readonly ours: number; readonly theirs: number },
): Result<number, BadMessage> {
  // What we send is their list, and the other way round. One that sends ours back has counted nothing.
  const sent = readCounted(ours, counts.theirs);
  if (!sent.ok) return sent;
  const received = readCounted(theirs, counts.ours);
  if (!received.ok) return received;
  if (equalBytes(sent.value, received.value)) return badMessage("counted", counts.ours);
  return ok(commonCount(sent.value, received.value));
}
