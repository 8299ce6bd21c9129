import { seed } from "./state";

/**
 * What the numbers of late turned out to be, as logs name the same addresses again and again: a table in which a number
 * has one place, by its hash, and takes it from the one before. It stands there as a whole, so a place that two share
 * costs time only. One that is in no index stands there as it is, so that it is not even read again; one that is, with
 * `FOUND`, so that the index, all over memory, is not asked again.
 */

/** As a power of two; the table is to stay in a processor's second cache. */
const PLACE_BITS: u64 = 13;
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;

/** Bytes of the table. */
export const KNOWN_NUMBERS: usize = (<usize>1 << <usize>PLACE_BITS) << 3;

/** Makes of what stands before a number's first character something that no character is, so that no number looks so. */
export const FOUND: u64 = 3;

export let knownNumbers: usize = 0;

/** Says where the table is kept: `KNOWN_NUMBERS` bytes. Begins with an empty one, as another image has others. */
export function useKnownNumbers(at: usize): void {
  knownNumbers = at;
  memory.fill(at, 0, KNOWN_NUMBERS);
}

/** The place of a number, written as `dropDismissed` does. */
// @ts-ignore: a decorator of the compiler
@inline
export function placeOfNumber(number: u64, table: usize, key: u64): usize {
  return table + (<usize>((number * (MULTIPLIER ^ (key << 1))) >> (64 - PLACE_BITS)) << 3);
}

/** Whether a number was written with all of its characters: the first ones of longer ones are lost. */
// @ts-ignore: a decorator of the compiler
@inline
export function isWholeNumber(number: u64): boolean {
  return (number & 15) === 15;
}
