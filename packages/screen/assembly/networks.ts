import { below, mix } from "./hash";
import { WIDE } from "./layout";
import { image, networks, networkWords, seed } from "./state";

/**
 * The filter of IPv4: a word by the hash of the first three octets, in which a network and a single address have four
 * bits each. Networks that are wider than a /16 have bits of their own, one for each /16.
 */

const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;

/** The word of the filter for an address. */
// @ts-ignore: a decorator of the compiler
@inline
export function networkWord(address: u32, filter: usize, words: u32, key: u64): u64 {
  return load<u64>(filter + (<usize>below(hashNetwork(address, key), words) << 3));
}

/** Whether the address, or a network around it, may be in the index. @param word of the filter */
// @ts-ignore: a decorator of the compiler
@inline
export function mayHaveAddress(address: u32, word: u64, key: u64, wide: usize): u32 {
  const hashed = hashNetwork(address, key);
  const network = bitsOf(hashed);
  const single = bitsOf(hashSingle(hashed, address));
  const isWide = (<u32>load<u8>(wide + (address >> 19)) >> ((address >> 16) & 7)) & 1;
  return <u32>((word & network) === network) | <u32>((word & single) === single) | isWide;
}

/** Adds an address, 32 bits or more, or a network. */
export function addNetwork(address: u32, bits: u32): void {
  if (bits < 16) {
    const first = address >> 16;
    for (let i: u32 = 0; i < (<u32>1) << (16 - bits); i++) {
      const at = image + WIDE + ((first + i) >> 3);
      store<u8>(at, <u32>load<u8>(at) | ((<u32>1) << ((first + i) & 7)));
    }
    return;
  }
  for (let i: u32 = 0; i < networkCount(bits); i++) {
    const within = address + (i << 8);
    const hashed = hashNetwork(within, seed);
    const word = networks + (<usize>below(hashed, networkWords) << 3);
    store<u64>(word, load<u64>(word) | bitsOf(bits >= 32 ? hashSingle(hashed, within) : hashed));
  }
}

/** How many /24s a network has in the filter. */
export function networkCount(bits: u32): u32 {
  return bits < 16 ? 0 : bits < 24 ? (<u32>1) << (24 - bits) : 1;
}

// @ts-ignore: a decorator of the compiler
@inline
function hashNetwork(address: u32, key: u64): u64 {
  const mixed = mix(key, <u64>(address >> 8));
  return mixed ^ (mixed >> 29);
}

/** Of one address in its network. */
// @ts-ignore: a decorator of the compiler
@inline
function hashSingle(hashed: u64, address: u32): u64 {
  return ((hashed ^ (<u64>(address & 0xff) << 24)) * MULTIPLIER) >> 40;
}

// @ts-ignore: a decorator of the compiler
@inline
function bitsOf(hashed: u64): u64 {
  const two = ((<u64>1) << (hashed & 63)) | ((<u64>1) << ((hashed >> 6) & 63));
  return two | ((<u64>1) << ((hashed >> 12) & 63)) | ((<u64>1) << ((hashed >> 18) & 63));
}
