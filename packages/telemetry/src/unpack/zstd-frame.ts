/** What `zstd` itself and Node's decoder allow unless told otherwise. */
const MAX_WINDOW: number = 128 * 2 ** 20;
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5;
const RLE = 1;

/**
 * Follows a frame of zstd data (RFC 8878 §3.1.1) to its end without unpacking it, and throws where its window is over
 * the limit: a decoder would allocate whatever the frame asks for.
 */
export class ZstdFrame {
  /** Header bytes gathered so far, and how many are needed before `#step` can go on. */
  #held: number[] = [];
  #needed = 4;
  #skip = 0;
  #step: (bytes: readonly number[]) => void = (bytes) => this.#magic(bytes);
  #hasChecksum = false;
  #isLast = false;

  get hasEnded(): boolean {
    return this.#isLast && this.#skip === 0;
  }

  /** Takes bytes up to the end of the frame; returns how many. */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.hasEnded) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      this.#held.push(bytes[at++] as number);
      if (this.#held.length < this.#needed) continue;
      const held = this.#held;
      this.#held = [];
      this.#step(held);
    }
    return at;
  }

  #next(needed: number, step: (bytes: readonly number[]) => void): void {
    this.#needed = needed;
    this.#step = step;
  }

  #magic(bytes: readonly number[]): void {
    const magic = littleEndian(bytes);
    if (magic === MAGIC) this.#next(1, ([descriptor = 0]) => this.#descriptor(descriptor));
    else if (Math.floor(magic / 16) === SKIPPABLE) {
      this.#next(4, (size) => {
        this.#skip = littleEndian(size);
        this.#isLast = true;
      });
    } else throw new Error("no zstd frame where one should begin");
  }

  /** Frame_Header_Descriptor, §3.1.1.1.1. */
  #descriptor(descriptor: number): void {
    const isSingle = (descriptor & 0x20) !== 0;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    const idBytes = [0, 1, 2, 4][descriptor & 3] as number;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
    const windowBytes = isSingle ? 0 : 1;
    this.#next(windowBytes + idBytes + sizeBytes, (header) => {
      const window = isSingle ? littleEndian(header.slice(idBytes)) : windowSize(header[0] as number);
      if (window > MAX_WINDOW) throw new Error("its window is larger than 128 MiB");
      this.#next(3, (block) => this.#block(littleEndian(block)));
    });
  }

  /** Block_Header, §3.1.1.2. */
  #block(header: number): void {
    this.#isLast = (header & 1) !== 0;
    const isRle = ((header >> 1) & 3) === RLE;
    this.#skip = isRle ? 1 : header >> 3;
    if (this.#isLast && this.#hasChecksum) this.#skip += 4;
  }
}

/** Window_Descriptor, §3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
