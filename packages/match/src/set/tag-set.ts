import { assert, type Bytes } from "@detente/basics";

export const TAG_BYTES = 8;
/** Tags of one set at most. */
export const MAX_TAGS: number = 2 ** 24;

const DIGIT = 0x10000;

/** Distinct tags of 64 bits in ascending order, 8 bytes each in memory: the upper and the lower half of each. */
export class TagSet {
  readonly high: Uint32Array;
  readonly low: Uint32Array;

  /** Takes halves that are ascending and distinct as they are; `TagSet.of` sorts. */
  constructor(high: Uint32Array, low: Uint32Array) {
    assert(high.length === low.length, "every tag has two halves");
    this.high = high;
    this.low = low;
  }

  /** Sorts tags of 8 bytes, one after the other; what comes twice counts once. */
  static of(tags: Bytes): TagSet {
    assert(tags.length % TAG_BYTES === 0, "a tag has 8 bytes");
    const view = new DataView(tags.buffer, tags.byteOffset, tags.length);
    const high = new Uint32Array(tags.length / TAG_BYTES);
    const low = new Uint32Array(high.length);
    for (let i = 0; i < high.length; i++) {
      high[i] = view.getUint32(TAG_BYTES * i);
      low[i] = view.getUint32(TAG_BYTES * i + 4);
    }
    return sorted({ high, low });
  }

  get count(): number {
    return this.high.length;
  }

  /** Where the tag (8 bytes) stands, or −1. */
  find(tag: Bytes): number {
    const [high, low] = halves(tag);
    const index = this.#firstFrom(high, low);
    return index < this.count && this.high[index] === high && this.low[index] === low ? index : -1;
  }

  /** How many tags are below `prefix` · 2^(64 − bits), for up to 32 bits. */
  below(prefix: number, bits: number): number {
    return prefix === 2 ** bits ? this.count : this.#firstFrom(prefix * 2 ** (32 - bits), 0);
  }

  /** A view of the tags from one index to before another. */
  slice(from: number, to: number): TagSet {
    return new TagSet(this.high.subarray(from, to), this.low.subarray(from, to));
  }

  /** The tags as 8 bytes each, big-endian. */
  bytes(): Bytes {
    const bytes = new Uint8Array(TAG_BYTES * this.count);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.count; i++) {
      view.setUint32(TAG_BYTES * i, this.high[i] as number);
      view.setUint32(TAG_BYTES * i + 4, this.low[i] as number);
    }
    return bytes;
  }

  /** The first index whose tag is not below the given one. */
  #firstFrom(high: number, low: number): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const value = this.high[middle] as number;
      if (value < high || (value === high && (this.low[middle] as number) < low)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** The halves of a tag of 8 bytes, big-endian. */
export function halves(tag: Bytes): readonly [number, number] {
  assert(tag.length === TAG_BYTES, "a tag has 8 bytes");
  return [word(tag, 0), word(tag, 4)];
}

function word(bytes: Bytes, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return high * 0x10000 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
}

interface Halves {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Radix sort by four digits of 16 bits, the lowest first: linear, and without a comparison that allocates. */
function sorted(tags: Halves): TagSet {
  let [from, to]: [Halves, Halves] = [
    tags,
    { high: new Uint32Array(tags.high.length), low: new Uint32Array(tags.low.length) },
  ];
  for (const [half, shift] of [
    ["low", 0],
    ["low", 16],
    ["high", 0],
    ["high", 16],
  ] as const) {
    place(from, to, from[half], shift);
    [from, to] = [to, from];
  }
  return distinct(from);
}

function place(from: Halves, to: Halves, digits: Uint32Array, shift: number): void {
  const next = new Uint32Array(DIGIT + 1);
  for (const each of digits) {
    const digit = (each >>> shift) & 0xffff;
    next[digit + 1] = (next[digit + 1] as number) + 1;
  }
  for (let i = 0; i < DIGIT; i++) next[i + 1] = (next[i + 1] as number) + (next[i] as number);
  for (let i = 0; i < digits.length; i++) {
    const digit = ((digits[i] as number) >>> shift) & 0xffff;
    const at = next[digit] as number;
    next[digit] = at + 1;
    to.high[at] = from.high[i] as number;
    to.low[at] = from.low[i] as number;
  }
}

function distinct({ high, low }: Halves): TagSet {
  let count = 0;
  for (let i = 0; i < high.length; i++) {
    if (i > 0 && high[i] === high[i - 1] && low[i] === low[i - 1]) continue;
    high[count] = high[i] as number;
    low[count++] = low[i] as number;
  }
  return new TagSet(high.subarray(0, count), low.subarray(0, count));
}
