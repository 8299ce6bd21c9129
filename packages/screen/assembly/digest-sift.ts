import { bitsAt, DOT, HIGH, origin, runStart } from "./bitmaps";
import { hashToken } from "./digests";
import { HAS_BARE_HOSTS } from "./layout";
import { flags, shortest } from "./state";
import { firstWord, mayHave } from "./table";

/** No hash: the run must be looked at whatever the filter says. A hash that happens to be it costs such a look. */
const ODD: u64 = 0;

/** Of the long runs that end at the offsets of a list: writes the hashes of those that are one token, else `ODD`. */
export function hashDigests(list: usize, count: u32, hashes: usize): void {
  const hasHosts = (flags & HAS_BARE_HOSTS) !== 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const end = <usize>load<u32>(list + (i << 2));
    const start = runStart(end);
    const length = end - start;
    const isOdd = hasHosts || length > 64 || length < <usize>shortest || hasMarks(start, length);
    store<u64>(hashes + (i << 3), isOdd ? ODD : hashToken(origin + start, <u32>length));
  }
}

/** Dots, or bytes beyond ASCII. */
function hasMarks(start: usize, length: usize): boolean {
  return (bitsAt(DOT, start, <u64>length) | bitsAt(HIGH, start, <u64>length)) !== 0;
}

/** Fetches a word of the filter for each hash: a loop so short that many of them are waited for at a time. */
export function fetchDigests(hashes: usize, count: u32, words: usize): void {
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) store<u64>(words + i, firstWord(load<u64>(hashes + i)));
}

/** Keeps, at the beginning of their list, the runs that may be in the index. @returns how many */
export function keepDigests(list: usize, count: u32, hashes: usize, words: usize): u32 {
  let kept: usize = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const hashed = load<u64>(hashes + (i << 3));
    // The word tells most of them; if not, what else is asked of the filter has come with it.
    const isKept = hashed === ODD || (((load<u64>(words + (i << 3)) >> (hashed & 63)) & 1) !== 0 && mayHave(hashed));
    store<u32>(list + (kept << 2), load<u32>(list + (i << 2)));
    kept += <usize>isKept;
  }
  return <u32>kept;
}
