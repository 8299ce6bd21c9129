import { again, below, fold, hash } from "./hash";
import {
  DOUBLE_FIRST,
  DOUBLE_NEXT,
  ENTRY_KEY,
  ENTRY_LENGTH,
  ENTRY_TAG,
  IS_DOUBLE,
  MARKER,
  TAG_DIGEST,
  TAG_IPV4,
  TAG_IPV6,
  TAG_URL,
} from "./layout";
import { bloom, bloomBlocks, image, slotCount, slots } from "./state";

/**
 * The entries of a key: a Bloom filter of 512-bit blocks keeps almost every absent key from the slots, and the slots
 * lead to the arena, where bytes are compared, so that no filter decides anything.
 * @returns the offset in the image of the key's last entry; 0 if there is none
 */
export function find(tag: u32, start: usize, length: u32): u32 {
  const hashed = hash(tag, start, length);
  return mayHave(hashed) ? slotted(hashed, tag, start, length) : 0;
}

/** The same past the filter. */
export function slotted(hashed: u64, tag: u32, start: usize, length: u32): u32 {
  return load<u32>(slotOf(hashed, tag, start, length));
}

/** The hash of the key of an entry that is not in the table yet. */
export function hashOf(entry: usize): u64 {
  return hash(tagOf(entry), entry + ENTRY_KEY, <u32>load<u16>(entry + ENTRY_LENGTH));
}

/** What is where a hash's slots begin. */
// @ts-ignore: a decorator of the compiler
@inline
export function firstSlot(hashed: u64): u32 {
  return load<u32>(slots + ((<usize>below(again(hashed), slotCount)) << 2));
}

/** Something of each entry that stands between a hash's first slot and a free one. */
export function probed(hashed: u64): u32 {
  let at = below(again(hashed), slotCount);
  let any: u32 = 0;
  for (let offset = firstSlot(hashed); offset !== 0; offset = load<u32>(slots + ((<usize>at) << 2))) {
    any ^= load<u32>(image + offset + ENTRY_LENGTH);
    at = at + 1 === slotCount ? 0 : at + 1;
  }
  return any;
}

export function tagOf(entry: usize): u32 {
  return <u32>load<u8>(entry + ENTRY_TAG) & 15;
}

export function kindOf(entry: usize): u32 {
  return <u32>load<u8>(entry + ENTRY_TAG) >> 4;
}

/**
 * Puts an entry behind those of its key that were there before; a marker only where there is none.
 * @returns whether it is the first of its key
 */
export function insert(offset: u32, hashed: u64): boolean {
  const entry = image + offset;
  const tag = tagOf(entry);
  const length = <u32>load<u16>(entry + ENTRY_LENGTH);
  const slot = slotOf(hashed, tag, entry + ENTRY_KEY, length);
  const last = load<u32>(slot);
  if (last !== 0) {
    if (kindOf(entry) === MARKER) return false;
    makeDouble(entry, offset, length, last);
  }
  store<u32>(slot, offset);
  return last === 0;
}

function makeDouble(entry: usize, offset: u32, length: u32, last: u32): void {
  const before = image + last;
  const isSecond = !isDouble(before);
  store<u16>(entry + ENTRY_LENGTH, length | IS_DOUBLE);
  store<u32>(entry + DOUBLE_FIRST, isSecond ? last : load<u32>(before + DOUBLE_FIRST));
  store<u32>(entry + DOUBLE_NEXT, isSecond ? offset : load<u32>(before + DOUBLE_NEXT));
  if (!isSecond) store<u32>(before + DOUBLE_NEXT, offset);
}

function isDouble(entry: usize): boolean {
  return (<u32>load<u16>(entry + ENTRY_LENGTH) & IS_DOUBLE) !== 0;
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
  if (tagOf(entry) !== tag || (<u32>load<u16>(entry + ENTRY_LENGTH) & ~IS_DOUBLE) !== length) return false;
  const first = isDouble(entry) ? image + load<u32>(entry + DOUBLE_FIRST) : entry;
  return isSame(tag, first + ENTRY_KEY, start, length);
}

/** Case counts in URLs and in what is no text. */
function isSame(tag: u32, a: usize, b: usize, length: u32): boolean {
  const isExact = tag === TAG_URL || tag === TAG_IPV4 || tag === TAG_IPV6 || tag === TAG_DIGEST;
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

/** Lets keys of a hash through the filter. */
export function addKey(hashed: u64): void {
  const block = bloom + ((<usize>below(hashed, bloomBlocks)) << 6);
  for (let i: u32 = 0; i < 45; i += 9) {
    const bit = <u32>(hashed >> i) & 511;
    const word = block + ((bit >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (bit & 63)));
  }
}
