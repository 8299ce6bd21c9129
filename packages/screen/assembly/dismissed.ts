import { seed } from "./state";

/**
 * The numbers that the filter has dismissed lately, as logs name the same addresses again and again: a table in which a
 * number has one place, by its hash, and takes it from the one before. It stands there as a whole, so a place that two
 * share costs time only, and nothing that the filter keeps is ever in the table.
 */

/** As a power of two; the table is to stay in a processor's second cache. */
const PLACE_BITS: u64 = 13;
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;

/** Bytes of the table. */
export const DISMISSED: usize = (<usize>1 << <usize>PLACE_BITS) << 3;

export let dismissedNumbers: usize = 0;

/** Says where the table is kept: `DISMISSED` bytes. Begins with an empty one, as another image dismisses others. */
export function useDismissed(at: usize): void {
  dismissedNumbers = at;
  memory.fill(at, 0, DISMISSED);
}

/** The place of a number, written as `dropDismissed` does. */
// @ts-ignore: a decorator of the compiler
@inline
export function placeOfNumber(number: u64, table: usize, key: u64): usize {
  return table + (<usize>((number * (MULTIPLIER ^ (key << 1))) >> (64 - PLACE_BITS)) << 3);
}
