import { mappedIpv4, parseIpv4, parseIpv6 } from "@detente/intel";
import type { IndicatorKind } from "@detente/record";
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
  }

  /** @param value in canonical form */
  add(kind: IndicatorKind, value: string, ref: number): void {
    const { exports } = this.#memory;
    this.#put(tagOf(exports, kind), kindCode(kind), ref, keyOf(kind, value));
    switch (kind) {
      case "domain":
        this.#noteName(value);
        break;
      case "url":
        this.#flags |= exports.HAS_URLS.value;
        this.#addHost(hostOf(value));
        break;
      case "email":
        this.#flags |= exports.HAS_EMAILS.value;
        this.#mark(exports.TAG_EMAIL_DOMAIN.value, value.slice(value.lastIndexOf("@") + 1));
        this.#noteName(value);
        break;
      case "ipv4":
      case "ipv6":
      case "cidr4":
      case "cidr6":
        this.#flags |= exports.HAS_ADDRESSES.value;
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
    exports.finish(this.#image, this.#end);
  }

  /** The host of a URL, however a log may spell it. */
  #addHost(host: string): void {
    const { exports } = this.#memory;
    this.#mark(exports.TAG_URL_HOST.value, host);
    const groups = host.includes(":") ? parseIpv6(host) : undefined;
    const address = groups === undefined ? parseIpv4(host) : mappedIpv4(groups);
    if (address !== undefined) this.#mark(exports.TAG_IPV4.value, key4(address, exports.HOST4.value));
    else if (groups !== undefined) this.#mark(exports.TAG_IPV6.value, key6(groups, exports.HOST6.value));
    if (address !== undefined || groups !== undefined) this.#flags |= exports.HAS_ADDRESSES.value;
    else this.#noteName(host);
    if (host.includes("xn--")) this.#flags |= exports.HAS_IDN_HOSTS.value;
    if (!/[.:]/.test(host)) {
      this.#flags |= exports.HAS_BARE_HOSTS.value;
      this.#shortest = Math.min(this.#shortest, host.length);
    }
  }

  #noteName(name: string): void {
    const last = name.charCodeAt(name.length - 1);
    // "p" or "s": of the many names few are asked more closely.
    if ((last === 0x70 || last === 0x73) && SCHEME_NAME.test(name)) {
      this.#flags |= this.#memory.exports.HAS_SCHEME_NAMES.value;
    }
  }

  #mark(tag: number, key: ImageKey): void {
    this.#put(tag, this.#memory.exports.MARKER.value, 0, key);
  }

  #put(tag: number, kind: number, ref: number, key: ImageKey): void {
    if (this.#end + ENTRY_ROOM > this.#bytes.length) {
      this.#memory.reserve(this.#end + ENTRY_ROOM);
      this.#bytes = this.#memory.bytes;
    }
    const bytes = this.#bytes;
    let at = this.#end;
    const { length } = key;
    // Little-endian: reference, next (0 for now), length, tag, kind.
    for (let shift = 0; shift < 32; shift += 8) bytes[at++] = ref >>> shift;
    at += 4;
    bytes[at++] = length;
    bytes[at++] = length >>> 8;
    bytes[at++] = tag;
    bytes[at++] = kind;
    if (typeof key === "string") for (let i = 0; i < length; i++) bytes[at++] = key.charCodeAt(i);
    else for (const byte of key) bytes[at++] = byte;
    this.#end = (at + 3) & ~3;
  }
}

/** The host of a canonical URL, without brackets. */
function hostOf(url: string): string {
  const start = url.indexOf("://") + 3;
  if (url[start] === "[") return url.slice(start + 1, url.indexOf("]", start));
  const authority = url.slice(start, url.indexOf("/", start));
  const colon = authority.indexOf(":");
  return colon < 0 ? authority : authority.slice(0, colon);
}
