import type { Ipv6Groups } from "@detente/intel";
import type { IndicatorKind } from "@detente/record";
import { kindOf, valueOf } from "./entries.ts";
import type { SieveExports, SieveMemory } from "./sieve-module.ts";

/** The length of the shortest exact key where there is none. */
const NOTHING = 0xffff_ffff;
/** Longer texts are no keys. */
const MAX_KEY = 4096;

const NONE: readonly number[] = [];

/** An item of an image. */
export interface ImageEntry {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly ref: number;
}

/**
 * Looks up keys in an image, by the program that the sieve is; entries go by their offsets in the image. What the
 * program exports, and the views of its memory, are asked for once: each time costs as much as a small lookup.
 */
export class ImageLookup {
  readonly #exports: SieveExports;
  readonly #image: number;
  /** All of the memory as it was: what grows behind is not looked at here. */
  readonly #bytes: Uint8Array;
  /** From the image on. */
  readonly #view: DataView;
  readonly #layout: Layout;
  /** Prefix lengths that some item has, the narrowest first. */
  readonly #lengths4: readonly number[];
  readonly #lengths6: readonly number[];
  readonly hasUrls: boolean;
  readonly hasEmails: boolean;
  /** Whether something of a digest's length may be looked for. */
  readonly hasExact: boolean;

  constructor(memory: SieveMemory, image: number) {
    const { FLAGS_AT, LENGTHS4_AT, LENGTHS6_AT, SHORTEST_AT, HAS_URLS, HAS_EMAILS } = memory.exports;
    this.#exports = memory.exports;
    this.#image = image;
    this.#bytes = memory.bytes;
    this.#view = new DataView(memory.bytes.buffer, image);
    this.#layout = layoutOf(memory.exports);
    const at = (offset: number): number => this.#view.getUint8(offset);
    const has = (offset: number, bit: number): boolean => ((at(offset + (bit >> 3)) >> (bit & 7)) & 1) !== 0;
    const lengths = (offset: number, longest: number): number[] =>
      Array.from({ length: longest + 1 }, (_, i) => longest - i).filter((bit) => has(offset, bit));
    this.#lengths4 = lengths(LENGTHS4_AT.value, 32);
    this.#lengths6 = lengths(LENGTHS6_AT.value, 128);
    this.hasUrls = (at(FLAGS_AT.value) & HAS_URLS.value) !== 0;
    this.hasEmails = (at(FLAGS_AT.value) & HAS_EMAILS.value) !== 0;
    this.hasExact = this.#view.getUint32(SHORTEST_AT.value, true) !== NOTHING;
  }

  domain(name: string): readonly number[] {
    return this.#find(this.#layout.tagDomain, name);
  }

  exact(token: string): readonly number[] {
    const at = this.#put(token);
    return at === 0 ? NONE : this.#ring(this.#exports.findToken(at, token.length));
  }

  email(address: string): readonly number[] {
    return this.#find(this.#layout.tagEmail, address);
  }

  url(canonical: string): readonly number[] {
    return this.#find(this.#layout.tagUrl, canonical);
  }

  hasUrlHost(host: string): boolean {
    return this.#last(this.#layout.tagUrlHost, host) !== 0;
  }

  /** The address itself, then every network around it, the narrowest first. */
  ipv4(address: number): readonly number[] {
    let found = NONE;
    for (const bits of this.#lengths4) {
      const more = this.#ring(this.#exports.find4(address, bits));
      if (more.length > 0) found = found.length === 0 ? more : [...found, ...more];
    }
    return found;
  }

  /** The address itself, then every network around it, the narrowest first. */
  ipv6(groups: Ipv6Groups): readonly number[] {
    const [high, low] = [groups.slice(0, 4), groups.slice(4)].map((half) =>
      half.reduce((number, group) => (number << 16n) | BigInt(group), 0n),
    ) as [bigint, bigint];
    return this.#lengths6.flatMap((bits) => this.#ring(this.#exports.find6(high, low, bits)));
  }

  entry(offset: number): ImageEntry {
    const { entryRef, entryLength, entryTag, entryKey, doubleFirst, isDouble } = this.#layout;
    const length = this.#view.getUint16(offset + entryLength, true);
    const first = (length & isDouble) === 0 ? offset : this.#view.getUint32(offset + doubleFirst, true);
    const at = this.#image + first + entryKey;
    const key = this.#bytes.subarray(at, at + (length & ~isDouble));
    const kind = kindOf(this.#view.getUint8(offset + entryTag) >> 4);
    return { kind, value: valueOf(kind, key), ref: this.#view.getUint32(offset + entryRef, true) };
  }

  #find(tag: number, key: string): readonly number[] {
    return this.#ring(this.#last(tag, key));
  }

  #last(tag: number, key: string): number {
    const at = this.#put(key);
    return at === 0 ? 0 : this.#exports.find(tag, at, key.length);
  }

  /** @returns where a key stands to be looked up; 0 if it is none */
  #put(key: string): number {
    if (key.length > MAX_KEY) return 0;
    const at = this.#layout.key;
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i);
      // Keys are ASCII, and a longer character must not be taken for its low byte.
      if (code > 0x7f) return 0;
      this.#bytes[at + i] = code;
    }
    return at;
  }

  /** The entries of a key in the order of their items, from what `find` returns: the last one, which leads to the others. */
  #ring(last: number): readonly number[] {
    if (last === 0) return NONE;
    const { entryLength, doubleFirst, doubleNext, isDouble } = this.#layout;
    if ((this.#view.getUint16(last + entryLength, true) & isDouble) === 0) return [last];
    const offsets = [this.#view.getUint32(last + doubleFirst, true)];
    let offset = last;
    do {
      offset = this.#view.getUint32(offset + doubleNext, true);
      offsets.push(offset);
    } while (offset !== last);
    return offsets;
  }
}

/** What `assembly/layout.ts` says of the same names. */
interface Layout {
  readonly entryRef: number;
  readonly entryLength: number;
  readonly entryTag: number;
  readonly entryKey: number;
  readonly doubleFirst: number;
  readonly doubleNext: number;
  readonly isDouble: number;
  readonly tagDomain: number;
  readonly tagEmail: number;
  readonly tagUrl: number;
  readonly tagUrlHost: number;
  /** Where the program expects a key: an address. */
  readonly key: number;
}

/** Constants of the program, as numbers. */
function layoutOf(exports: SieveExports): Layout {
  return {
    entryRef: exports.ENTRY_REF.value,
    entryLength: exports.ENTRY_LENGTH.value,
    entryTag: exports.ENTRY_TAG.value,
    entryKey: exports.ENTRY_KEY.value,
    doubleFirst: exports.DOUBLE_FIRST.value,
    doubleNext: exports.DOUBLE_NEXT.value,
    isDouble: exports.IS_DOUBLE.value,
    tagDomain: exports.TAG_DOMAIN.value,
    tagEmail: exports.TAG_EMAIL.value,
    tagUrl: exports.TAG_URL.value,
    tagUrlHost: exports.TAG_URL_HOST.value,
    key: exports.key.value,
  };
}
