import { type Bytes, compareBytes, toHex } from "@detente/basics";
import { at, ELEMENT_BYTES } from "../group.ts";

/** Indices of packed elements in the order of their bytes: a shuffle, since the elements look random to all but their makers. */
export function sortedOrder(elements: Bytes): readonly number[] {
  const order = Array.from({ length: elements.length / ELEMENT_BYTES }, (_, i) => i);
  return order.sort((a, b) => compareBytes(at(elements, a), at(elements, b)));
}

export function reordered(elements: Bytes, order: readonly number[]): Bytes {
  const result = new Uint8Array(elements.length);
  for (const [to, from] of order.entries()) result.set(at(elements, from), ELEMENT_BYTES * to);
  return result;
}

export function sortedElements(elements: Bytes): Bytes {
  return reordered(elements, sortedOrder(elements));
}

/** The elements as keys of a set. */
export function names(elements: Bytes): readonly string[] {
  return Array.from({ length: elements.length / ELEMENT_BYTES }, (_, i) => toHex(at(elements, i)));
}
