import { canonicalValue, mappedIpv4, parseIpv4, parseIpv6, PUBLIC_SUFFIXES } from "@detente/intel/canonical";
import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record/vocabulary";
import type { IndexedItem, RefusedItem } from "../indicator-index.ts";
import { formOf, type ImageKey, key4, key6, keyOf, kindCode, tagOf } from "./entries.ts";
import type { SieveMemory } from "./sieve-module.ts";

/** No indicator is longer. */
const LONGEST = 4096;
/** Bytes of a text's character at most: only where there is room for as many is one written without counting. */
const UTF8_ROOM = 3;
/** Room for the entries of an item beside its text, which is there twice at most: its own, one or two for its host. */
const AROUND_KEYS = 64;
/** Words of an item on its way, as `assembly/intake.ts` has them. */
const ITEM_WORDS = 3;

/**
 * Writes the entries of an image. Items go many at a time to the sieve's program, which takes what is certainly canonical:
 * almost all. What remains is asked about one by one, in its turn.
 */
export class ImageBuilder {
  /** What is no indicator of its stated kind. */
  readonly refused: RefusedItem<number>[] = [];
  readonly #memory: SieveMemory;
  readonly #image: number;
  /** Form and kind of an item, by kind, as they stand in its second word. */
  readonly #heads: ReadonlyMap<IndicatorKind, number>;
  readonly #encoder = new TextEncoder();
  /** Where the program has items, their texts, and a key that is made here. */
  readonly #words: Int32Array;
  readonly #text: Uint8Array;
  readonly #key: Uint8Array;
  readonly #batch: IndexedItem<number>[] = [];
  readonly #maxItems: number;
  readonly #maxText: number;
  #texts = "";

  /**
   * @param image where the image shall be; nothing may stand behind it
   * @param intake where items may stand until they are taken; all is zero there
   */
  constructor(memory: SieveMemory, image: number, intake: number) {
    const { exports, bytes } = memory;
    this.#memory = memory;
    this.#image = image;
    this.#heads = new Map(
      INDICATOR_KINDS.map((kind) => [kind, (formOf(exports, kind) << 16) | (kindCode(kind) << 24)]),
    );
    exports.beginArena(image);
    exports.useIntake(intake);
    this.#maxItems = exports.INTAKE_ITEMS.value;
    this.#maxText = Math.floor(exports.INTAKE_TEXT.value / UTF8_ROOM) - LONGEST;
    this.#words = new Int32Array(bytes.buffer, exports.intakeItems.value, this.#maxItems * ITEM_WORDS);
    this.#text = new Uint8Array(bytes.buffer, exports.intakeText.value, exports.INTAKE_TEXT.value);
    this.#key = new Uint8Array(bytes.buffer, exports.intakeKey.value, LONGEST);
    for (const suffix of PUBLIC_SUFFIXES) {
      this.#writeKey(suffix);
      exports.addSuffix(suffix.length);
    }
  }

  /** @param item as it came; a reference is from 0 to 2³² - 1 */
  add(item: IndexedItem<number>): void {
    const { kind, value, ref } = item;
    // What is too long waits for its turn without its text.
    const text = value.length > LONGEST ? "" : value;
    const at = ITEM_WORDS * this.#batch.length;
    this.#words[at] = ref;
    this.#words[at + 1] = text.length | (this.#heads.get(kind) as number);
    this.#words[at + 2] = this.#texts.length;
    this.#texts += text;
    this.#batch.push(item);
    if (this.#batch.length === this.#maxItems || this.#texts.length > this.#maxText) this.#flush();
  }

  /** Makes the image of what was added. */
  finish(seed: bigint): void {
    this.#flush();
    const { exports } = this.#memory;
    if ((exports.flagsSeen.value & exports.HAS_ADDRESSES.value) !== 0) {
      this.#mark(exports.TAG_REVERSE_ZONE.value, "in-addr.arpa");
      this.#mark(exports.TAG_REVERSE_ZONE.value, "ip6.arpa");
    }
    exports.beginImage(this.#image, seed);
    let entry = this.#image + exports.ARENA.value;
    while (entry !== 0) entry = exports.addEntries(entry);
    exports.finish(this.#image);
  }

  #flush(): void {
    const { exports } = this.#memory;
    const batch = this.#batch;
    // The program knows ASCII only, in which each character is a byte: lengths tell.
    const isAscii = this.#encoder.encodeInto(this.#texts, this.#text).written === this.#texts.length;
    this.#memory.reserve(exports.arenaEnd.value + 2 * this.#texts.length + AROUND_KEYS * batch.length);
    let next = 0;
    while (next < batch.length) {
      if (isAscii) next = exports.takeItems(next, batch.length);
      const item = batch[next++];
      if (item !== undefined) this.#takeOne(item);
    }
    batch.length = 0;
    this.#texts = "";
  }

  #takeOne(item: IndexedItem<number>): void {
    const canonical = canonicalValue(item.kind, item.value);
    if (!canonical.ok) {
      this.refused.push({ item, ...canonical.fault });
      return;
    }
    const { exports } = this.#memory;
    const { kind, value } = canonical.value;
    this.#put(tagOf(exports, kind), kindCode(kind), item.ref, keyOf(kind, value));
    if (kind === "url") this.#addHost(hostOf(value));
    if (kind === "email") this.#mark(exports.TAG_EMAIL_DOMAIN.value, value.slice(value.lastIndexOf("@") + 1));
  }

  /** The host of a URL, however a log may spell it. */
  #addHost(host: string): void {
    const { TAG_URL_HOST, TAG_IPV4, TAG_IPV6, HOST4, HOST6 } = this.#memory.exports;
    this.#mark(TAG_URL_HOST.value, host);
    const groups = host.includes(":") ? parseIpv6(host) : undefined;
    const address = groups === undefined ? parseIpv4(host) : mappedIpv4(groups);
    if (address !== undefined) this.#mark(TAG_IPV4.value, key4(address, HOST4.value));
    else if (groups !== undefined) this.#mark(TAG_IPV6.value, key6(groups, HOST6.value));
  }

  #mark(tag: number, key: ImageKey): void {
    this.#put(tag, this.#memory.exports.MARKER.value, 0, key);
  }

  #put(tag: number, kind: number, ref: number, key: ImageKey): void {
    const { exports } = this.#memory;
    this.#memory.reserve(exports.arenaEnd.value + key.length + AROUND_KEYS);
    this.#writeKey(key);
    exports.putEntry(tag, kind, ref, exports.intakeKey.value, key.length);
  }

  #writeKey(key: ImageKey): void {
    if (typeof key === "string") this.#encoder.encodeInto(key, this.#key);
    else this.#key.set(key);
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
