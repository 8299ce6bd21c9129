import { DOT, HIGH, TOKEN } from "./bitmaps";
import { shortest } from "./state";

/** Whether the run that reaches the end of the last word is one that counts, and how long it is so far. */
export let carry: u64 = 0;
export let runBefore: u64 = 0;

export function beginRuns(): void {
  carry = 0;
  runBefore = 0;
}

/** Goes on in a text that was left for another one. */
export function resumeRuns(carried: u64, before: u64): void {
  carry = carried;
  runBefore = before;
}

/**
 * Where runs of token characters end that may be something: with a dot, with a character beyond ASCII, or long enough
 * to be looked up whole. A bit is the place behind such a run. Adding the marks to a run carries out of its end.
 */
export function runEnds(record: usize): u64 {
  const token = load<u64>(record, TOKEN);
  const marks = load<u64>(record, DOT) | load<u64>(record, HIGH);
  const sum = token + marks;
  const carried = sum + carry;
  carry = <u64>(sum < token) | <u64>(carried < sum);
  let ends = carried & ~token;
  if (shortest > 64) return ends | longEnd(token);
  return ends | longEnd(token) | (lastOf(eroded(token)) << shortest);
}

/** The end of a long run that began in a word before. */
function longEnd(token: u64): u64 {
  const lead = ctz(~token);
  const isLong = runBefore !== 0 && lead < 64 && runBefore + lead >= shortest;
  runBefore = lead === 64 ? runBefore + 64 : clz(~token);
  return isLong ? (<u64>1) << lead : 0;
}

/** The places from which on there are as many token characters as a long run has. */
function eroded(token: u64): u64 {
  let places = token;
  for (let left = <u64>shortest; left > 1;) {
    const step = left >> 1;
    places &= places >> step;
    left -= step;
  }
  return places;
}

function lastOf(places: u64): u64 {
  return places & ~(places >> 1);
}
