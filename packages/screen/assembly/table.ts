import { again, below, fold, hash } from "./hash";
import {
  ENTRY_KEY,
  ENTRY_KIND,
  ENTRY_LENGTH,
  ENTRY_NEXT,
  ENTRY_TAG,
  MARKER,
  TAG_IPV4,
  TAG_IPV6,
  TAG_URL,
} from "./layout";
import { bloom, bloomBlocks, image, slotCount, slots } from "./state";

/**
 * The entries of a key: a Bloom filter of 512-bit blocks keeps almost every absent key from the slots, and the slots
 * lead to the arena, where bytes are compared, so that no filter decides anything.
 * @returns the offset of the last entry of the key in the image, whose ring of `next` begins with the first; 0 if none
 */
export function find(tag: u32, start: usize, length: u32): u32 {
  const hashed = hash(tag, start, length);
  return mayHave(hashed) ? load<u32>(slotOf(hashed, tag, start, length)) : 0;
}

/** Lets an entry's key through the filter. */
export function addKey(entry: usize): void {
  addToFilter(hash(<u32>load<u8>(entry + ENTRY_TAG), entry + ENTRY_KEY, <u32>load<u16>(entry + ENTRY_LENGTH)));
}

/** Puts an entry into the ring of its key, behind those that were there before; a marker only where there is none. */
export function insert(offset: u32): void {
  const entry = image + offset;
  const tag = <u32>load<u8>(entry + ENTRY_TAG);
  const length = <u32>load<u16>(entry + ENTRY_LENGTH);
  const slot = slotOf(hash(tag, entry + ENTRY_KEY, length), tag, entry + ENTRY_KEY, length);
  const last = load<u32>(slot);
  if (last === 0) store<u32>(entry + ENTRY_NEXT, offset);
  else {
    if (<u32>load<u8>(entry + ENTRY_KIND) === MARKER) return;
    store<u32>(entry + ENTRY_NEXT, load<u32>(image + last + ENTRY_NEXT));
    store<u32>(image + last + ENTRY_NEXT, offset);
  }
  store<u32>(slot, offset);
}

/** The slot of a key, or the free one where it would be. */
function slotOf(hashed: u64, tag: u32, start: usize, length: u32): usize {
  let at = below(again(hashed), slotCount);
  let slot = slots + ((<usize>at) << 2);
  for (let offset = load<u32>(slot); offset !== 0; offset = load<u32>(slot)) {
    if (isOf(image + offset, tag, start, length)) break;
    at = at + 1 === slotCount ? 0 : at + 1;
    slot = slots + ((<usize>at) << 2);
  }
  return slot;
}

function isOf(entry: usize, tag: u32, start: usize, length: u32): boolean {
  if (<u32>load<u8>(entry + ENTRY_TAG) !== tag || <u32>load<u16>(entry + ENTRY_LENGTH) !== length) return false;
  return isSame(tag, entry + ENTRY_KEY, start, length);
}

/** Case counts in URLs and in what is no text. */
function isSame(tag: u32, a: usize, b: usize, length: u32): boolean {
  const isExact = tag === TAG_URL || tag === TAG_IPV4 || tag === TAG_IPV6;
  for (let i: u32 = 0; i < length; i += 8) {
    const left = length - i;
    const mask: u64 = left >= 8 ? ~0 : ~(~(<u64>0) << (8 * left));
    const first = load<u64>(a + i) & mask;
    const second = load<u64>(b + i) & mask;
    if (isExact ? first !== second : fold(first) !== fold(second)) return false;
  }
  return true;
}

/** The word of the filter that has the first bit of a hash, by the lowest six bits. */
// @ts-ignore: a decorator of the compiler
@inline
export function firstWord(hashed: u64): u64 {
  return load<u64>(bloom + ((<usize>below(hashed, bloomBlocks)) << 6) + (<usize>((hashed >> 6) & 7) << 3));
}

/** Five bits of nine each say which bits of its block a key has. */
export function mayHave(hashed: u64): boolean {
  const block = bloom + ((<usize>below(hashed, bloomBlocks)) << 6);
  for (let i: u32 = 0; i < 45; i += 9) {
    const bit = <u32>(hashed >> i) & 511;
    if (((load<u64>(block + ((bit >> 6) << 3)) >> (bit & 63)) & 1) === 0) return false;
  }
  return true;
}

function addToFilter(hashed: u64): void {
  const block = bloom + ((<usize>below(hashed, bloomBlocks)) << 6);
  for (let i: u32 = 0; i < 45; i += 9) {
    const bit = <u32>(hashed >> i) & 511;
    const word = block + ((bit >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (bit & 63)));
  }
}
