import { type Bytes, compareBytes } from "@detente/basics";
import { at, ELEMENT_BYTES } from "../group.ts";

/** Bytes of an element that a number holds exactly: they decide nearly every comparison. */
const LEADING = 6;

/** Indices of packed elements in the order of their bytes: a shuffle, since the elements look random to all but their makers. */
export function sortedOrder(elements: Bytes): Uint32Array {
  const count = elements.length / ELEMENT_BYTES;
  const leading = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let byte = 0; byte < LEADING; byte++) value = 256 * value + (elements[ELEMENT_BYTES * i + byte] as number);
    leading[i] = value;
  }
  return Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (leading[a] as number) - (leading[b] as number) || compareBytes(at(elements, a), at(elements, b)),
  );
}

export function reordered(elements: Bytes, order: Uint32Array): Bytes {
  const result = new Uint8Array(elements.length);
  for (const [to, from] of order.entries()) result.set(at(elements, from), ELEMENT_BYTES * to);
  return result;
}

export function sortedElements(elements: Bytes): Bytes {
  return reordered(elements, sortedOrder(elements));
}

/** Whether each element is greater than the one before, as bytes: in order, and none twice. */
export function isAscending(elements: Bytes): boolean {
  for (let i = 1; i < elements.length / ELEMENT_BYTES; i++) {
    if (compareBytes(at(elements, i - 1), at(elements, i)) >= 0) return false;
  }
  return true;
}

/** How many elements two ascending lists have in common. */
export function commonCount(a: Bytes, b: Bytes): number {
  let [i, j, count] = [0, 0, 0];
  while (ELEMENT_BYTES * i < a.length && ELEMENT_BYTES * j < b.length) {
    const order = compareBytes(at(a, i), at(b, j));
    if (order === 0) count++;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return count;
}

/** Whether an ascending list has an element. */
export function includes(ascending: Bytes, element: Bytes): boolean {
  let [low, high] = [0, ascending.length / ELEMENT_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareBytes(at(ascending, middle), element);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
