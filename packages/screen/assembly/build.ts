import { beginChecksum, checksum } from "./checksum";
import { arenaEnd, entryCount, flagsSeen, isName, itemCount, nameCount, networkTotal, shortestSeen } from "./entries";
import { addTop, set } from "./hash";
import {
  ARENA_END_AT,
  BLOOM_AT,
  BLOOM_BLOCKS_AT,
  CHECKSUM_AT,
  DOUBLE,
  ENTRY_KEY,
  ENTRY_LENGTH,
  FLAGS_AT,
  IS_DOUBLE,
  ITEMS_AT,
  LENGTH_AT,
  LENGTHS4_AT,
  LENGTHS6_AT,
  MAGIC,
  MAGIC_AT,
  NETWORK_WORDS_AT,
  NETWORKS_AT,
  SEED_AT,
  SHORTEST_AT,
  SLOT_COUNT_AT,
  SLOTS_AT,
  TAG_IPV4,
  TAG_IPV6,
  TAIL_WORDS_AT,
  TAILS_AT,
  VERSION,
  VERSION_AT,
} from "./layout";
import { addNetwork } from "./networks";
import { image, open } from "./state";
import { addKey, firstSlot, firstWord, hashOf, insert, probed, tagOf } from "./table";
import { addTail, dotBefore } from "./tails";

/** As many entries are taken up at once: what they wait for fits a processor's second cache. */
const BATCH: usize = 512;

/** A word for each entry of a batch, behind the image, and one that nobody reads. */
let hashes: usize = 0;

/**
 * Begins to make an image of the entries in the arena (`entries.ts`): sizes the filters and the slots behind it, which
 * `addEntries` fills and `finish` ends.
 * @param at the image; its bitmaps are clear
 */
export function beginImage(at: usize, seed: u64): void {
  const end = arenaEnd;
  // Some 16 bits a key; of numbers there are many more in logs than of names, and each of them is asked for twice.
  const tailWords = max<u32>(1 << 10, nameCount / 4);
  // Wide networks are there as all their /24s, of which there are no more, however often a network comes.
  const networkWords = max<u32>(1 << 10, min<u32>(networkTotal, entryCount + (1 << 24)) / 3);
  const blocks = max<u32>(1, entryCount / 24);
  const slotCount = entryCount + entryCount / 2 + 1;
  const tails = line(end - at);
  const networks = line(tails + ((<usize>tailWords) << 3));
  const bloom = line(networks + ((<usize>networkWords) << 3));
  const slots = bloom + ((<usize>blocks) << 6);
  const length = line(slots + ((<usize>slotCount) << 2));
  hashes = at + length;
  reserve(hashes + (BATCH << 3) + 8);
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
  store<u32>(at + ITEMS_AT, itemCount);
  store<u32>(at + FLAGS_AT, flagsSeen);
  store<u32>(at + SHORTEST_AT, shortestSeen);
  store<u64>(at + SEED_AT, seed);
  open(at);
}

/**
 * Takes some entries into filters and slots. What memory they need of these is asked for first, in loops that do nothing
 * else, so that the processor waits for many at a time. One call for all would not do: an engine optimises a function from
 * its next call on.
 * @param from the first of them
 * @returns where the next one is; 0 after the last
 */
export function addEntries(from: usize): usize {
  let count: usize = 0;
  let entry = from;
  for (; entry < arenaEnd && count < BATCH; entry = after(entry), count++) {
    store<u64>(hashes + (count << 3), hashOf(entry));
  }
  fetch(count);
  entry = from;
  for (let i: usize = 0; i < count; i++) {
    const hashed = load<u64>(hashes + (i << 3));
    const next = after(entry);
    // An entry that has others of its key before it is found by theirs, and bears their mark where its length stands.
    if (insert(<u32>(entry - image), hashed)) addToFilters(entry, hashed);
    entry = next;
  }
  return entry < arenaEnd ? entry : 0;
}

/** Reads what the entries of a batch will need of the filter and of the slots, and of the entries that these lead to. */
function fetch(count: usize): void {
  let any: u64 = 0;
  const end = hashes + (count << 3);
  for (let at = hashes; at < end; at += 8) {
    const hashed = load<u64>(at);
    any ^= firstWord(hashed) ^ firstSlot(hashed);
  }
  for (let at = hashes; at < end; at += 8) any ^= probed(load<u64>(at));
  // Without a use of what was read an optimiser need not read it.
  store<u64>(end, any);
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
