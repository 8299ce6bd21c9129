/**
 * The index image: where things stand in it, as offsets from its first byte. Everything is little-endian. Behind the
 * header lie, in this order: the bitmap of last labels, that of wide IPv4 networks, the arena of entries, and, sized once
 * the entries are known, the filters of tails and of networks, the Bloom filter and the slots.
 */

/** "DSIX". */
export const MAGIC: u32 = 0x58495344;
/** To be raised whenever anything in an image changes its meaning. */
export const VERSION: u32 = 3;

export const MAGIC_AT: usize = 0;
export const VERSION_AT: usize = 4;
/** Over everything from `LENGTH_AT` on. */
export const CHECKSUM_AT: usize = 8;
export const LENGTH_AT: usize = 16;
export const FLAGS_AT: usize = 20;
export const SEED_AT: usize = 24;
export const ARENA_END_AT: usize = 32;
export const TAILS_AT: usize = 36;
export const TAIL_WORDS_AT: usize = 40;
export const BLOOM_AT: usize = 44;
export const BLOOM_BLOCKS_AT: usize = 48;
export const SLOTS_AT: usize = 52;
export const SLOT_COUNT_AT: usize = 56;
/** The shortest dotless token that is looked up. */
export const SHORTEST_AT: usize = 60;
/** Which prefix lengths occur: a bit each. */
export const LENGTHS4_AT: usize = 64;
export const LENGTHS6_AT: usize = 72;
/** How many items, not counting markers. */
export const ITEMS_AT: usize = 96;
export const NETWORKS_AT: usize = 100;
export const NETWORK_WORDS_AT: usize = 104;

export const TOPS: usize = 128;
/** Bits of the bitmap of last labels. */
export const TOP_BITS: u32 = 1 << 16;
/** A bit for each IPv4 /16 in a network that is wider. */
export const WIDE: usize = TOPS + (TOP_BITS >> 3);
export const ARENA: usize = WIDE + (1 << 13);

/**
 * An entry, packed, as there are millions: reference, length of the key (16 bits), tag in the lower four bits and kind in
 * the upper four, the key or as much room as `DOUBLE` needs. Where a key has several entries, the first keeps the key;
 * in each of the others stands, in place of it, where the first is and where the next is: of these others, in a ring.
 */
export const ENTRY_REF: usize = 0;
export const ENTRY_LENGTH: usize = 4;
export const ENTRY_TAG: usize = 6;
export const ENTRY_KEY: usize = 7;
/** The least room of a key, and where in it a double has what stands there instead. */
export const DOUBLE: usize = 8;
export const DOUBLE_FIRST: usize = ENTRY_KEY;
export const DOUBLE_NEXT: usize = ENTRY_KEY + 4;
/** The bit of the length that says that this is a double. */
export const IS_DOUBLE: u32 = 0x8000;
/** The kind of an entry that is no item but marks something for the sieve. */
export const MARKER: u32 = 15;

/** What a key is; keys of different tags never meet. */
export const TAG_DOMAIN: u32 = 1;
/** A token that is looked up whole and is no digest: fingerprints of JA4. */
export const TAG_EXACT: u32 = 2;
export const TAG_EMAIL: u32 = 3;
export const TAG_URL: u32 = 4;
/** Four bytes of address and one of prefix length. */
export const TAG_IPV4: u32 = 5;
/** Sixteen bytes of address and one of prefix length. */
export const TAG_IPV6: u32 = 6;
/** Markers: the host of some URL; the domain of some e-mail address. */
export const TAG_URL_HOST: u32 = 7;
export const TAG_EMAIL_DOMAIN: u32 = 8;
/** Markers: `in-addr.arpa` and `ip6.arpa`. */
export const TAG_REVERSE_ZONE: u32 = 9;
/** The bytes of a digest. */
export const TAG_DIGEST: u32 = 10;

/** Prefix lengths that mark an address as the host of some URL. */
export const HOST4: u32 = 33;
export const HOST6: u32 = 129;

export const HAS_URLS: u32 = 1;
export const HAS_EMAILS: u32 = 2;
export const HAS_ADDRESSES: u32 = 4;
/** Some name ends in `http` or `ftp`, which a defanged scheme can spell. */
export const HAS_SCHEME_NAMES: u32 = 8;
/** Some URL has a host of a single label. */
export const HAS_BARE_HOSTS: u32 = 16;
/** Some URL has an internationalised host. */
export const HAS_IDN_HOSTS: u32 = 32;

/** As what an item on its way into an image is to be recognised; any other form is for the host. */
export const FORM_DOMAIN: u32 = 1;
export const FORM_IPV4: u32 = 2;
export const FORM_CIDR4: u32 = 3;
export const FORM_URL: u32 = 4;
export const FORM_EMAIL: u32 = 5;
/** Of digests, how many digits they have. */
export const FORM_MD5: u32 = 32;
export const FORM_SHA1: u32 = 40;
export const FORM_SHA256: u32 = 64;
/** How many items are taken in at once, and bytes of their texts. */
export const INTAKE_ITEMS: u32 = 512;
export const INTAKE_TEXT: u32 = 1 << 17;
