import {
  isLowerHex,
  isPlainName,
  NO_NETWORK,
  plainAddress,
  plainDomainStart,
  plainHostEnd,
  plainNetwork,
  hostStart,
} from "./canonical";
import { putEntry } from "./entries";
import { below, hash, set } from "./hash";
import {
  FORM_CIDR4,
  FORM_DOMAIN,
  FORM_EMAIL,
  FORM_IPV4,
  FORM_MD5,
  FORM_SHA1,
  FORM_SHA256,
  FORM_URL,
  INTAKE_ITEMS,
  INTAKE_TEXT,
  MARKER,
  TAG_DIGEST,
  TAG_DOMAIN,
  TAG_EMAIL,
  TAG_EMAIL_DOMAIN,
  TAG_IPV4,
  TAG_URL,
  TAG_URL_HOST,
} from "./layout";
import { MARGIN } from "./state";

/**
 * Where the host puts items on their way into an image, many at a time: their texts, joined, and of each its reference;
 * its length, form (from bit 16) and kind (from bit 24); and where its text begins.
 */
const ITEM: usize = 12;
const SUFFIX_BITS: u32 = 1 << 16;
const KEY: usize = 8192;
/** Keys of suffixes are in no table; see `TOP` in `hash.ts`. */
const SUFFIX: u32 = 102;

/** A bit for the hash of each public suffix, under no seed: whoever makes names collide only makes the host look at them. */
let suffixes: usize = 0;
export let intakeItems: usize = 0;
export let intakeText: usize = 0;
/** Room for the key of an entry that the host makes itself. */
export let intakeKey: usize = 0;

/** Bytes that items on their way need. */
export function intakeSize(): usize {
  return <usize>(SUFFIX_BITS >> 3) + KEY + <usize>INTAKE_ITEMS * ITEM + <usize>INTAKE_TEXT + 2 * MARGIN;
}

/** Says where they are put; all is zero there. */
export function useIntake(at: usize): void {
  suffixes = at;
  intakeKey = at + (SUFFIX_BITS >> 3) + MARGIN;
  intakeItems = intakeKey + KEY;
  intakeText = intakeItems + <usize>INTAKE_ITEMS * ITEM;
}

/** Learns a public suffix, which is at `intakeKey`: none of them is taken for a domain. */
export function addSuffix(length: u32): void {
  set(suffixes, suffixBit(intakeKey, length));
}

/**
 * Takes items into the arena as long as they are certainly canonical.
 * @param from the number of the first
 * @param to that of the first not to be taken
 * @returns the number of the first that was not taken
 */
export function takeItems(from: u32, to: u32): u32 {
  let number = from;
  for (; number < to; number++) {
    const item = intakeItems + <usize>number * ITEM;
    const head = load<u32>(item, 4);
    if (!take((head >> 16) & 255, head >> 24, load<u32>(item), intakeText + load<u32>(item, 8), head & 0xffff)) break;
  }
  return number;
}

/** @returns whether a text is certainly canonical in its form; then its entries are in the arena */
function take(form: u32, kind: u32, ref: u32, start: usize, length: u32): boolean {
  const end = start + length;
  switch (form) {
    case FORM_DOMAIN:
      if (!isPlainDomain(start, end)) return false;
      putEntry(TAG_DOMAIN, kind, ref, start, length);
      return true;
    case FORM_IPV4:
      return takeNetwork(plainAddress(start, end), kind, ref);
    case FORM_CIDR4:
      return takeNetwork(plainNetwork(start, end), kind, ref);
    case FORM_URL: {
      const hostEnd = plainHostEnd(start, end);
      if (hostEnd === 0) return false;
      putEntry(TAG_URL, kind, ref, start, length);
      const host = hostStart(start, end);
      putEntry(TAG_URL_HOST, MARKER, 0, host, <u32>(hostEnd - host));
      return true;
    }
    case FORM_EMAIL: {
      const domain = plainDomainStart(start, end);
      if (domain === 0 || !isPlainDomain(domain, end)) return false;
      putEntry(TAG_EMAIL, kind, ref, start, length);
      putEntry(TAG_EMAIL_DOMAIN, MARKER, 0, domain, <u32>(end - domain));
      return true;
    }
    case FORM_MD5:
    case FORM_SHA1:
    case FORM_SHA256:
      if (length !== form || !isLowerHex(start, length)) return false;
      putEntry(TAG_DIGEST, kind, ref, start, length);
      return true;
    default:
      return false;
  }
}

/** @param network an IPv4 address with its prefix length above it */
function takeNetwork(network: u64, kind: u32, ref: u32): boolean {
  if (network === NO_NETWORK) return false;
  store<u32>(intakeKey, bswap<u32>(<u32>network));
  store<u8>(intakeKey + 4, <u32>(network >> 32));
  putEntry(TAG_IPV4, kind, ref, intakeKey, 5);
  return true;
}

/** A name that is no public suffix; a few of those that are none are for the host to tell. */
function isPlainDomain(start: usize, end: usize): boolean {
  if (!isPlainName(start, end)) return false;
  const bit = suffixBit(start, <u32>(end - start));
  return ((<u32>load<u8>(suffixes + (bit >> 3)) >> (bit & 7)) & 1) === 0;
}

function suffixBit(start: usize, length: u32): u32 {
  return below(hash(SUFFIX, start, length), SUFFIX_BITS);
}
