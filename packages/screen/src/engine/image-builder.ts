import { mappedIpv4, parseIpv4, parseIpv6 } from "@detente/intel";
import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record";
import { type ImageKey, key4, key6, keyOf, kindCode, tagOf } from "./entries.ts";
import type { SieveMemory } from "./sieve-module.ts";

/** Room for the longest key and its entry. */
const ENTRY_ROOM = 8192;
/** What a name ends in that a defanged scheme can spell. */
const SCHEME_NAME = /(?:http|ftp)s?$/;

/** Writes the entries of an image, item by item, and what the sieve must know about them. */
export class ImageBuilder {
  readonly #memory: SieveMemory;
  readonly #image: number;
  /** By kind: a constant of the program costs as much as a key. */
  readonly #tags: ReadonlyMap<IndicatorKind, number>;
  readonly #constants: Readonly<Record<Asked, number>>;
  #bytes: Uint8Array;
  #end: number;
  #flags = 0;
  #shortest = 0xffff_ffff;

  /** @param image where the image shall be; nothing may stand behind it */
  constructor(memory: SieveMemory, image: number) {
    this.#memory = memory;
    this.#image = image;
    this.#end = image + memory.exports.ARENA.value;
    memory.reserve(this.#end + ENTRY_ROOM);
    this.#bytes = memory.bytes;
    this.#tags = new Map(INDICATOR_KINDS.map((kind) => [kind, tagOf(memory.exports, kind)]));
    this.#constants = Object.fromEntries(ASKED.map((name) => [name, memory.exports[name].value])) as Record<
      Asked,
      number
    >;
  }

  /** @param value in canonical form */
  add(kind: IndicatorKind, value: string, ref: number): void {
    const constants = this.#constants;
    this.#put(this.#tags.get(kind) as number, kindCode(kind), ref, keyOf(kind, value));
    switch (kind) {
      case "domain":
        this.#noteName(value);
        break;
      case "url":
        this.#flags |= constants.HAS_URLS;
        this.#addHost(hostOf(value));
        break;
      case "email":
        this.#flags |= constants.HAS_EMAILS;
        this.#mark(constants.TAG_EMAIL_DOMAIN, value.slice(value.lastIndexOf("@") + 1));
        this.#noteName(value);
        break;
      case "ipv4":
      case "ipv6":
      case "cidr4":
      case "cidr6":
        this.#flags |= constants.HAS_ADDRESSES;
        break;
      default:
        this.#shortest = Math.min(this.#shortest, value.length);
    }
  }

  /** Makes the image of what was added. */
  finish(seed: bigint): void {
    const { exports } = this.#memory;
    if ((this.#flags & exports.HAS_ADDRESSES.value) !== 0) {
      this.#mark(exports.TAG_REVERSE_ZONE.value, "in-addr.arpa");
      this.#mark(exports.TAG_REVERSE_ZONE.value, "ip6.arpa");
    }
    const header = new DataView(this.#bytes.buffer, this.#image, exports.ARENA.value);
    header.setUint32(exports.FLAGS_AT.value, this.#flags, true);
    header.setBigUint64(exports.SEED_AT.value, seed, true);
    header.setUint32(exports.SHORTEST_AT.value, this.#shortest, true);
    exports.beginImage(this.#image, this.#end);
    for (let entry = this.#image + exports.ARENA.value; entry < this.#end;) {
      entry = exports.addEntries(entry, this.#end);
    }
    exports.finish(this.#image);
  }

  /** The host of a URL, however a log may spell it. */
  #addHost(host: string): void {
    const constants = this.#constants;
    this.#mark(constants.TAG_URL_HOST, host);
    const groups = host.includes(":") ? parseIpv6(host) : undefined;
    const address = groups === undefined ? parseIpv4(host) : mappedIpv4(groups);
    if (address !== undefined) this.#mark(constants.TAG_IPV4, key4(address, constants.HOST4));
    else if (groups !== undefined) this.#mark(constants.TAG_IPV6, key6(groups, constants.HOST6));
    if (address !== undefined || groups !== undefined) this.#flags |= constants.HAS_ADDRESSES;
    else this.#noteName(host);
    if (host.includes("xn--")) this.#flags |= constants.HAS_IDN_HOSTS;
    if (!/[.:]/.test(host)) {
      this.#flags |= constants.HAS_BARE_HOSTS;
      this.#shortest = Math.min(this.#shortest, host.length);
    }
  }

  #noteName(name: string): void {
    const last = name.charCodeAt(name.length - 1);
    // "p" or "s": of the many names few are asked more closely.
    if ((last === 0x70 || last === 0x73) && SCHEME_NAME.test(name)) {
      this.#flags |= this.#constants.HAS_SCHEME_NAMES;
    }
  }

  #mark(tag: number, key: ImageKey): void {
    this.#put(tag, this.#constants.MARKER, 0, key);
  }

  #put(tag: number, kind: number, ref: number, key: ImageKey): void {
    if (this.#end + ENTRY_ROOM > this.#bytes.length) {
      this.#memory.reserve(this.#end + ENTRY_ROOM);
      this.#bytes = this.#memory.bytes;
    }
    const bytes = this.#bytes;
    const { length } = key;
    // As `assembly/layout.ts` has it.
    const isDigest = tag === this.#constants.TAG_DIGEST;
    const size = isDigest ? length >> 1 : length;
    let at = this.#end;
    bytes[at++] = ref;
    bytes[at++] = ref >>> 8;
    bytes[at++] = ref >>> 16;
    bytes[at++] = ref >>> 24;
    bytes[at++] = size;
    bytes[at++] = size >>> 8;
    bytes[at++] = tag | (kind << 4);
    if (isDigest) putDigest(bytes, at, key as string);
    else if (typeof key === "string") for (let i = 0; i < length; i++) bytes[at + i] = key.charCodeAt(i);
    else for (let i = 0; i < length; i++) bytes[at + i] = key[i] as number;
    this.#end = at + Math.max(size, this.#constants.DOUBLE);
  }
}

/** Writes the bytes of hexadecimal digits in lower case. */
function putDigest(bytes: Uint8Array, at: number, hex: string): void {
  for (let i = 0; i < hex.length; i += 2) {
    bytes[at + (i >> 1)] = (nibble(hex.charCodeAt(i)) << 4) | nibble(hex.charCodeAt(i + 1));
  }
}

function nibble(code: number): number {
  return code - (code < 0x40 ? 0x30 : 0x57);
}

/** What of the program's constants is asked for each item. */
const ASKED = [
  "HAS_URLS",
  "HAS_EMAILS",
  "HAS_ADDRESSES",
  "HAS_SCHEME_NAMES",
  "HAS_IDN_HOSTS",
  "HAS_BARE_HOSTS",
  "TAG_EMAIL_DOMAIN",
  "TAG_URL_HOST",
  "TAG_IPV4",
  "TAG_IPV6",
  "TAG_DIGEST",
  "HOST4",
  "HOST6",
  "MARKER",
  "DOUBLE",
] as const;
type Asked = (typeof ASKED)[number];

/** The host of a canonical URL, without brackets. */
function hostOf(url: string): string {
  const start = url.indexOf("://") + 3;
  if (url[start] === "[") return url.slice(start + 1, url.indexOf("]", start));
  const authority = url.slice(start, url.indexOf("/", start));
  const colon = authority.indexOf(":");
  return colon < 0 ? authority : authority.slice(0, colon);
}
