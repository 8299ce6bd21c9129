import {
  BLOOM_AT,
  BLOOM_BLOCKS_AT,
  FLAGS_AT,
  NETWORK_WORDS_AT,
  NETWORKS_AT,
  SEED_AT,
  SHORTEST_AT,
  SLOT_COUNT_AT,
  SLOTS_AT,
  TAIL_WORDS_AT,
  TAILS_AT,
} from "./layout";

/** The open image: its first byte, and what of its header every look-up needs. */
export let image: usize = 0;
export let seed: u64 = 0;
export let flags: u32 = 0;
export let tails: usize = 0;
export let tailWords: u32 = 0;
export let networks: usize = 0;
export let networkWords: u32 = 0;
export let bloom: usize = 0;
export let bloomBlocks: u32 = 0;
export let slots: usize = 0;
export let slotCount: u32 = 0;
export let shortest: u32 = 0;

/** This thread's own memory: room for a key first, with a little before it that may be read. */
export let key: usize = 0;

/** Room before and after a text that may be read, so that loads need no care at its edges. */
export const MARGIN: usize = 128;

/** Takes up an image, of which at least the header and the arena are there. */
export function open(at: usize): void {
  image = at;
  seed = load<u64>(at + SEED_AT);
  flags = load<u32>(at + FLAGS_AT);
  tails = at + load<u32>(at + TAILS_AT);
  tailWords = load<u32>(at + TAIL_WORDS_AT);
  networks = at + load<u32>(at + NETWORKS_AT);
  networkWords = load<u32>(at + NETWORK_WORDS_AT);
  bloom = at + load<u32>(at + BLOOM_AT);
  bloomBlocks = load<u32>(at + BLOOM_BLOCKS_AT);
  slots = at + load<u32>(at + SLOTS_AT);
  slotCount = load<u32>(at + SLOT_COUNT_AT);
  shortest = load<u32>(at + SHORTEST_AT);
}

/** Says where this thread may keep a key. */
export function useKey(at: usize): void {
  key = at + MARGIN;
}
