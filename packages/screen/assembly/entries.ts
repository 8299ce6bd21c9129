import { readDigest } from "./digests";
import {
  ARENA,
  DOUBLE,
  ENTRY_KEY,
  ENTRY_LENGTH,
  ENTRY_REF,
  ENTRY_TAG,
  HAS_ADDRESSES,
  HAS_BARE_HOSTS,
  HAS_EMAILS,
  HAS_IDN_HOSTS,
  HAS_SCHEME_NAMES,
  HAS_URLS,
  MARKER,
  TAG_DIGEST,
  TAG_DOMAIN,
  TAG_EMAIL,
  TAG_EMAIL_DOMAIN,
  TAG_EXACT,
  TAG_IPV4,
  TAG_IPV6,
  TAG_REVERSE_ZONE,
  TAG_URL,
  TAG_URL_HOST,
} from "./layout";
import { networkCount } from "./networks";

/** The arena of an image as it is filled: where it ends, and what must be known of its entries. */
export let arenaEnd: usize = 0;
export let entryCount: u32 = 0;
export let itemCount: u32 = 0;
/** Names with their own place in the filter of tails, and networks in that of networks. */
export let nameCount: u32 = 0;
export let networkTotal: u32 = 0;
export let flagsSeen: u32 = 0;
export let shortestSeen: u32 = 0;

/** Begins the arena of an image; nothing may stand behind it. */
export function beginArena(image: usize): void {
  arenaEnd = image + ARENA;
  entryCount = itemCount = nameCount = networkTotal = flagsSeen = 0;
  shortestSeen = ~0;
}

/**
 * Writes an entry, for which there is room.
 * @param key of a tag as `layout.ts` has it, but digests in hexadecimal digits; seven bytes behind it may be read
 */
export function putEntry(tag: u32, kind: u32, ref: u32, key: usize, length: u32): void {
  const entry = arenaEnd;
  const to = entry + ENTRY_KEY;
  const size = tag === TAG_DIGEST ? length >> 1 : length;
  store<u32>(entry + ENTRY_REF, ref);
  store<u16>(entry + ENTRY_LENGTH, size);
  store<u8>(entry + ENTRY_TAG, tag | (kind << 4));
  if (tag === TAG_DIGEST) readDigest(key, length, to);
  else copy(key, to, length);
  arenaEnd = to + max<usize>(DOUBLE, size);
  entryCount++;
  if (kind !== MARKER) itemCount++;
  note(tag, to, length);
}

/** Eight bytes a step; zeros fill the last one. */
function copy(from: usize, to: usize, length: u32): void {
  let at: usize = 0;
  for (; at + 8 <= <usize>length; at += 8) store<u64>(to + at, load<u64>(from + at));
  const left = length & 7;
  if (left > 0) store<u64>(to + at, load<u64>(from + at) & (((<u64>1) << (8 * left)) - 1));
}

/** What the sieve must know of a key. */
function note(tag: u32, key: usize, length: u32): void {
  if (isName(tag)) nameCount++;
  switch (tag) {
    case TAG_DOMAIN:
      noteName(key, length);
      break;
    case TAG_URL:
      flagsSeen |= HAS_URLS;
      break;
    case TAG_URL_HOST:
      noteHost(key, length);
      break;
    case TAG_EMAIL:
      flagsSeen |= HAS_EMAILS;
      noteName(key, length);
      break;
    case TAG_IPV4:
      networkTotal += networkCount(load<u8>(key + 4));
      flagsSeen |= HAS_ADDRESSES;
      break;
    case TAG_IPV6:
      flagsSeen |= HAS_ADDRESSES;
      break;
    case TAG_DIGEST:
    case TAG_EXACT:
      shortestSeen = min(shortestSeen, length);
      break;
  }
}

/** Whether keys of a tag are names. */
export function isName(tag: u32): boolean {
  return tag === TAG_DOMAIN || tag === TAG_URL_HOST || tag === TAG_EMAIL_DOMAIN || tag === TAG_REVERSE_ZONE;
}

/** The host of a URL, an address without brackets among them. */
function noteHost(key: usize, length: u32): void {
  noteName(key, length);
  let isBare = true;
  for (let i: usize = 0; i < <usize>length; i++) {
    const code = <u32>load<u8>(key + i);
    if (code === 0x2e || code === 0x3a) isBare = false;
    // "xn--"
    if (code === 0x78 && i + 4 <= <usize>length && load<u32>(key + i) === 0x2d2d6e78) flagsSeen |= HAS_IDN_HOSTS;
  }
  if (!isBare) return;
  flagsSeen |= HAS_BARE_HOSTS;
  shortestSeen = min(shortestSeen, length);
}

/** Whether it ends in `http` or `ftp`, or either with an `s`, which a defanged scheme can spell. */
function noteName(key: usize, length: u32): void {
  const last = key + length - 1;
  // Of the many names few are asked more closely.
  const end = <u32>load<u8>(last) === 0x73 ? last - 1 : last;
  if (<u32>load<u8>(end) !== 0x70) return;
  const before = length - <u32>(last - end);
  const isFtp = before >= 3 && load<u16>(end - 2) === 0x7466;
  const isHttp = before >= 4 && <u32>load<u8>(end - 3) === 0x68 && load<u16>(end - 2) === 0x7474;
  if (isFtp || isHttp) flagsSeen |= HAS_SCHEME_NAMES;
}
