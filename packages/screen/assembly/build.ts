import { beginChecksum, checksum } from "./checksum";
import { addTop, set } from "./hash";
import {
  ARENA,
  ARENA_END_AT,
  BLOOM_AT,
  BLOOM_BLOCKS_AT,
  CHECKSUM_AT,
  DOUBLE,
  ENTRY_KEY,
  ENTRY_LENGTH,
  IS_DOUBLE,
  ITEMS_AT,
  LENGTH_AT,
  LENGTHS4_AT,
  LENGTHS6_AT,
  MAGIC,
  MAGIC_AT,
  MARKER,
  NETWORK_WORDS_AT,
  NETWORKS_AT,
  SLOT_COUNT_AT,
  SLOTS_AT,
  TAG_DOMAIN,
  TAG_EMAIL_DOMAIN,
  TAG_IPV4,
  TAG_IPV6,
  TAG_REVERSE_ZONE,
  TAG_URL_HOST,
  TAIL_WORDS_AT,
  TAILS_AT,
  VERSION,
  VERSION_AT,
} from "./layout";
import { dotBefore } from "./names";
import { addNetwork, networkCount } from "./networks";
import { image, open } from "./state";
import { addKey, firstSlot, firstWord, hashOf, insert, kindOf, tagOf } from "./table";
import { addTail } from "./tails";

/** As many entries are taken up at once: what they wait for fits a processor's second cache. */
const BATCH: usize = 512;

/** Two words for each entry of a batch, behind the image. */
let hashes: usize = 0;
let words: usize = 0;

/**
 * Begins to make an image of the entries in the arena: sizes the filters and the slots behind it, which `addEntries`
 * fills and `finish` ends.
 * @param at the image; its flags, seed and shortest token are set, its bitmaps are clear
 * @param end where the arena ends
 */
export function beginImage(at: usize, end: usize): void {
  let entries: u32 = 0;
  let items: u32 = 0;
  let names: u32 = 0;
  let nets: u32 = 0;
  for (let entry = at + ARENA; entry < end; entry = after(entry)) {
    entries++;
    if (kindOf(entry) !== MARKER) items++;
    const tag = tagOf(entry);
    if (isName(tag)) names++;
    else if (tag === TAG_IPV4) nets += networkCount(load<u8>(entry + ENTRY_KEY + 4));
  }
  // Some 16 bits a key; of numbers there are many more in logs than of names, and each of them is asked for twice.
  const tailWords = max<u32>(1 << 10, names / 4);
  const networkWords = max<u32>(1 << 10, nets / 3);
  const blocks = max<u32>(1, entries / 24);
  const slotCount = entries + entries / 2 + 1;
  const tails = line(end - at);
  const networks = line(tails + ((<usize>tailWords) << 3));
  const bloom = line(networks + ((<usize>networkWords) << 3));
  const slots = bloom + ((<usize>blocks) << 6);
  const length = line(slots + ((<usize>slotCount) << 2));
  hashes = at + length;
  words = hashes + (BATCH << 3);
  reserve(words + (BATCH << 3));
  memory.fill(at + tails, 0, length - tails);
  store<u32>(at + MAGIC_AT, MAGIC);
  store<u32>(at + VERSION_AT, VERSION);
  store<u32>(at + LENGTH_AT, <u32>length);
  store<u32>(at + ARENA_END_AT, <u32>(end - at));
  store<u32>(at + TAILS_AT, <u32>tails);
  store<u32>(at + TAIL_WORDS_AT, tailWords);
  store<u32>(at + NETWORKS_AT, <u32>networks);
  store<u32>(at + NETWORK_WORDS_AT, networkWords);
  store<u32>(at + BLOOM_AT, <u32>bloom);
  store<u32>(at + BLOOM_BLOCKS_AT, blocks);
  store<u32>(at + SLOTS_AT, <u32>slots);
  store<u32>(at + SLOT_COUNT_AT, slotCount);
  store<u32>(at + ITEMS_AT, items);
  open(at);
}

/**
 * Takes some entries into filters and slots. What memory they need of these is asked for first, so that the processor
 * waits for many at a time. One call for all would not do: an engine optimises a function from its next call on.
 * @param from the first of them
 * @returns where the next one is, at most `end`
 */
export function addEntries(from: usize, end: usize): usize {
  let count: usize = 0;
  let entry = from;
  for (; entry < end && count < BATCH; entry = after(entry), count++) {
    const hashed = hashOf(entry);
    store<u64>(hashes + (count << 3), hashed);
    store<u64>(words + (count << 3), firstWord(hashed) ^ firstSlot(hashed));
  }
  entry = from;
  for (let i: usize = 0; i < count; i++) {
    const hashed = load<u64>(hashes + (i << 3));
    const next = after(entry);
    addToFilters(entry, hashed);
    insert(<u32>(entry - image), hashed);
    entry = next;
  }
  return entry;
}

/** Ends an image whose entries are all taken up. */
export function finish(at: usize): void {
  beginChecksum(at);
  store<u64>(at + CHECKSUM_AT, checksum(at + load<u32>(at + LENGTH_AT)));
}

function addToFilters(entry: usize, hashed: u64): void {
  const tag = tagOf(entry);
  const length = <u32>load<u16>(entry + ENTRY_LENGTH);
  const key = entry + ENTRY_KEY;
  addKey(hashed);
  if (isName(tag)) addName(key, key + length);
  else if (tag === TAG_IPV4) addNetwork4(load<u8>(key + 4), bswap<u32>(load<u32>(key)));
  else if (tag === TAG_IPV6) set(image + LENGTHS6_AT, load<u8>(key + 16));
}

function isName(tag: u32): boolean {
  return tag === TAG_DOMAIN || tag === TAG_URL_HOST || tag === TAG_EMAIL_DOMAIN || tag === TAG_REVERSE_ZONE;
}

function addName(start: usize, end: usize): void {
  const last = dotBefore(start, end);
  if (last < start) return;
  addTail(start, end);
  addTop(last + 1, <u32>(end - last - 1));
}

function addNetwork4(bits: u32, address: u32): void {
  set(image + LENGTHS4_AT, bits);
  addNetwork(address, bits);
}

function after(entry: usize): usize {
  return entry + ENTRY_KEY + max<usize>(DOUBLE, load<u16>(entry + ENTRY_LENGTH) & ~IS_DOUBLE);
}

/** Whole cache lines. */
function line(offset: usize): usize {
  return (offset + 63) & ~63;
}

/** Traps where no memory is left for the image. */
function reserve(end: usize): void {
  const pages = <i32>((end + 0xffff) >> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable();
}
