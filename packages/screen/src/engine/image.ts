import { err, type Fault, ok, type Result } from "@detente/basics";
import type { IndexedItem, RefusedItem } from "../indicator-index.ts";
import { ImageBuilder } from "./image-builder.ts";
import { ImageLookup } from "./image-lookup.ts";
import { Sieve, type SievePlace, sieveSize } from "./sieve.ts";
import type { SieveMemory, SieveModule } from "./sieve-module.ts";

/** Where items stand that are on their way into an image: nothing lies at the address 0. */
const INTAKE = 1024;
/** Where an image begins, behind them. */
const IMAGE = 192 * 1024;
const LINE = 64;
/** Of sieves for streams: several times the longest line. */
const CAPACITY = 4 * 1024 * 1024;
const HEADER = 128;
/** What is read of an image at once: its checksum is taken while it is in the processor's second cache. */
const PIECE = 256 * 1024;

/**
 * A set of indicators as one immutable block of memory, which all threads look things up in and which can be kept on
 * disk. Its hashes are keyed, because whoever is watched chooses what stands in the logs.
 */
export class IndicatorImage {
  readonly #memory: SieveMemory;
  readonly #lookup: ImageLookup;
  readonly #idle: Sieve[] = [];
  /** Where the next claim begins. */
  #end: number;
  /** Of the image alone. */
  readonly #length: number;
  /** How many items it has. */
  readonly size: number;

  private constructor(memory: SieveMemory) {
    this.#memory = memory;
    const { LENGTH_AT, ITEMS_AT } = memory.exports;
    const header = new DataView(memory.bytes.buffer, IMAGE, HEADER);
    this.#length = header.getUint32(LENGTH_AT.value, true);
    this.#end = IMAGE + this.#length;
    this.size = header.getUint32(ITEMS_AT.value, true);
    memory.exports.open(IMAGE);
    memory.exports.useArea(this.#claim(memory.exports.areaSize()));
    this.#lookup = new ImageLookup(memory, IMAGE);
  }

  /**
   * Builds an image. What is no indicator of its stated kind is refused, one by one.
   * @param items with references from 0 to 2³² - 1
   * @param seed 64 random bits, which no one else knows
   */
  static build(
    module: SieveModule,
    items: Iterable<IndexedItem<number>>,
    seed: bigint,
  ): { readonly image: IndicatorImage; readonly refused: readonly RefusedItem<number>[] } {
    const memory = module.memory(IMAGE);
    const builder = new ImageBuilder(memory, IMAGE, INTAKE);
    for (const item of items) builder.add(item);
    builder.finish(seed);
    return { image: new IndicatorImage(memory), refused: builder.refused };
  }

  /**
   * Takes up an image that was kept. Its checksum finds faults of disks, no forger.
   * @param length of the image in bytes
   * @param read puts its bytes from an offset on where they are to be, so that there is no second copy of them
   */
  static load(
    module: SieveModule,
    length: number,
    read: (into: Uint8Array, offset: number) => void,
  ): Result<IndicatorImage, Fault<"bad-image">> {
    const memory = module.memory(IMAGE + Math.max(length, HEADER));
    const { exports, bytes } = memory;
    exports.beginChecksum(IMAGE);
    for (let offset = 0; offset < length; offset += PIECE) {
      const end = IMAGE + Math.min(length, offset + PIECE);
      read(bytes.subarray(IMAGE + offset, end), offset);
      exports.addToChecksum(end);
    }
    const header = new DataView(bytes.buffer, IMAGE, HEADER);
    if (length < HEADER || header.getUint32(exports.MAGIC_AT.value, true) !== exports.MAGIC.value) {
      return err("bad-image", "this is no index image; build it again from its indicators");
    }
    if (header.getUint32(exports.VERSION_AT.value, true) !== exports.VERSION.value) {
      return err("bad-image", "the index image is of another version; build it again from its indicators");
    }
    const isWhole = header.getUint32(exports.LENGTH_AT.value, true) === length;
    const checksum = header.getBigUint64(exports.CHECKSUM_AT.value, true);
    if (!isWhole || BigInt.asUintN(64, exports.checksum(IMAGE + length)) !== checksum) {
      return err("bad-image", "the index image is damaged; build it again from its indicators");
    }
    return ok(new IndicatorImage(memory));
  }

  /** Looks things up, on this thread. */
  get lookup(): ImageLookup {
    return this.#lookup;
  }

  /** The image as it stands in memory, to be kept and not to be changed. */
  get bytes(): Uint8Array {
    return this.#memory.bytes.subarray(IMAGE, IMAGE + this.#length);
  }

  /** A sieve over this image, for one screening on this thread; to be given back. */
  takeSieve(): Sieve {
    return this.#idle.pop() ?? new Sieve(this.placeSieve(CAPACITY));
  }

  returnSieve(sieve: Sieve): void {
    this.#idle.push(sieve);
  }

  /** Makes room for a sieve on any thread. @param capacity bytes of text */
  placeSieve(capacity: number): SievePlace {
    const area = this.#claim(sieveSize(this.#memory.exports.areaSize(), capacity));
    return { ...this.#memory.handle, image: IMAGE, area, capacity };
  }

  /** Takes room beside the image. @returns its address */
  #claim(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / LINE) * LINE;
    this.#memory.reserve(this.#end);
    return at;
  }
}
