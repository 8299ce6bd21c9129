import type { Ipv6Groups } from "@detente/intel";
import type { IndicatorKind } from "@detente/record";
import { kindOf, valueOf } from "./entries.ts";
import type { SieveMemory } from "./sieve-module.ts";

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

/** Looks up keys in an image, by the program that the sieve is; entries go by their offsets in the image. */
export class ImageLookup {
  readonly #memory: SieveMemory;
  readonly #image: number;
  /** Prefix lengths that some item has, the narrowest first. */
  readonly #lengths4: readonly number[];
  readonly #lengths6: readonly number[];
  readonly #flags: number;
  readonly #shortest: number;

  constructor(memory: SieveMemory, image: number) {
    this.#memory = memory;
    this.#image = image;
    const { FLAGS_AT, LENGTHS4_AT, LENGTHS6_AT } = memory.exports;
    const at = (offset: number): number => memory.bytes[image + offset] as number;
    const has = (offset: number, bit: number): boolean => ((at(offset + (bit >> 3)) >> (bit & 7)) & 1) !== 0;
    const lengths = (offset: number, longest: number): number[] =>
      Array.from({ length: longest + 1 }, (_, i) => longest - i).filter((bit) => has(offset, bit));
    this.#lengths4 = lengths(LENGTHS4_AT.value, 32);
    this.#lengths6 = lengths(LENGTHS6_AT.value, 128);
    this.#flags = at(FLAGS_AT.value);
    this.#shortest = new DataView(memory.bytes.buffer, image).getUint32(memory.exports.SHORTEST_AT.value, true);
  }

  get hasUrls(): boolean {
    return (this.#flags & this.#memory.exports.HAS_URLS.value) !== 0;
  }

  /** Whether something of a digest's length may be looked for. */
  get hasExact(): boolean {
    return this.#shortest !== NOTHING;
  }

  get hasEmails(): boolean {
    return (this.#flags & this.#memory.exports.HAS_EMAILS.value) !== 0;
  }

  domain(name: string): readonly number[] {
    return this.#find(this.#memory.exports.TAG_DOMAIN.value, name);
  }

  exact(token: string): readonly number[] {
    const at = this.#put(token);
    return at === 0 ? NONE : this.#ring(this.#memory.exports.findToken(at, token.length));
  }

  email(address: string): readonly number[] {
    return this.#find(this.#memory.exports.TAG_EMAIL.value, address);
  }

  url(canonical: string): readonly number[] {
    return this.#find(this.#memory.exports.TAG_URL.value, canonical);
  }

  hasUrlHost(host: string): boolean {
    return this.#last(this.#memory.exports.TAG_URL_HOST.value, host) !== 0;
  }

  /** The address itself, then every network around it, the narrowest first. */
  ipv4(address: number): readonly number[] {
    const found: number[] = [];
    for (const bits of this.#lengths4) found.push(...this.#ring(this.#memory.exports.find4(address, bits)));
    return found;
  }

  /** The address itself, then every network around it, the narrowest first. */
  ipv6(groups: Ipv6Groups): readonly number[] {
    const [high, low] = [groups.slice(0, 4), groups.slice(4)].map((half) =>
      half.reduce((number, group) => (number << 16n) | BigInt(group), 0n),
    ) as [bigint, bigint];
    return this.#lengths6.flatMap((bits) => this.#ring(this.#memory.exports.find6(high, low, bits)));
  }

  entry(offset: number): ImageEntry {
    const { ENTRY_REF, ENTRY_LENGTH, ENTRY_TAG, ENTRY_KEY, DOUBLE_FIRST, IS_DOUBLE } = this.#memory.exports;
    const { bytes } = this.#memory;
    const view = new DataView(bytes.buffer, this.#image);
    const length = view.getUint16(offset + ENTRY_LENGTH.value, true);
    const isDouble = (length & IS_DOUBLE.value) !== 0;
    const first = isDouble ? view.getUint32(offset + DOUBLE_FIRST.value, true) : offset;
    const at = this.#image + first + ENTRY_KEY.value;
    const key = bytes.subarray(at, at + (length & ~IS_DOUBLE.value));
    const kind = kindOf(view.getUint8(offset + ENTRY_TAG.value) >> 4);
    return { kind, value: valueOf(kind, key), ref: view.getUint32(offset + ENTRY_REF.value, true) };
  }

  #find(tag: number, key: string): readonly number[] {
    return this.#ring(this.#last(tag, key));
  }

  #last(tag: number, key: string): number {
    const at = this.#put(key);
    return at === 0 ? 0 : this.#memory.exports.find(tag, at, key.length);
  }

  /** @returns where a key stands to be looked up; 0 if it is none */
  #put(key: string): number {
    if (key.length > MAX_KEY) return 0;
    const { bytes, exports } = this.#memory;
    const at = exports.key.value;
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i);
      // Keys are ASCII, and a longer character must not be taken for its low byte.
      if (code > 0x7f) return 0;
      bytes[at + i] = code;
    }
    return at;
  }

  /** The entries of a key in the order of their items, from what `find` returns: the last one, which leads to the others. */
  #ring(last: number): readonly number[] {
    if (last === 0) return NONE;
    const { ENTRY_LENGTH, DOUBLE_FIRST, DOUBLE_NEXT, IS_DOUBLE } = this.#memory.exports;
    const view = new DataView(this.#memory.bytes.buffer, this.#image);
    if ((view.getUint16(last + ENTRY_LENGTH.value, true) & IS_DOUBLE.value) === 0) return [last];
    const offsets = [view.getUint32(last + DOUBLE_FIRST.value, true)];
    let offset = last;
    do {
      offset = view.getUint32(offset + DOUBLE_NEXT.value, true);
      offsets.push(offset);
    } while (offset !== last);
    return offsets;
  }
}
