import { type Candidate, MAX_LINE } from "@detente/screen";

/** What a range of a file holds, by lines from 0 on; its memory is handed from thread to thread. */
export interface RangeResult {
  readonly lines: number;
  readonly invalid: number;
  readonly firstInvalid: number;
  /** Of each line to be walked: see `keptLines`. */
  readonly places: Float64Array;
  /** Those lines, one behind the other; nothing of those that are too long to be scanned at once. */
  readonly bytes: Uint8Array;
  /** The first and the last line, which stand for the times of all. */
  readonly ends: readonly Uint8Array[];
}

/** A line to be walked. */
export interface KeptLine {
  readonly number: number;
  /** Without the line feed; -1 of one that is too long to be scanned at once. */
  readonly length: number;
  /** In the file. */
  readonly offset: number;
  /** Where in it the first and the last mark is. */
  readonly first: number;
  readonly last: number;
}

/** Numbers of a line among the places. */
const PLACE = 5;
const FIRST_SIZE = 16 * 1024;

export function* keptLines({ places }: RangeResult): Generator<KeptLine, undefined> {
  for (let at = 0; at < places.length; at += PLACE) {
    yield {
      number: places[at] as number,
      length: places[at + 1] as number,
      offset: places[at + 2] as number,
      first: places[at + 3] as number,
      last: places[at + 4] as number,
    };
  }
  return undefined;
}

/** What of a result need not be copied to reach another thread. */
export function buffersOf({ places, bytes }: RangeResult): ArrayBuffer[] {
  return [places.buffer as ArrayBuffer, bytes.buffer as ArrayBuffer];
}

/** Gathers what a range holds. */
export class RangeCollector {
  readonly #places: number[] = [];
  #bytes = new Uint8Array(FIRST_SIZE);
  #filled = 0;
  #first: Uint8Array | undefined;
  #last: Uint8Array | undefined;
  #lines = 0;
  #invalid = 0;
  #firstInvalid = 0;

  /** @param begin where in the file the text begins, which is read over afterwards */
  add(text: Uint8Array, { start, length, line, marked }: Candidate, begin: number): void {
    this.#places.push(this.#lines + line, length, begin + start, marked.first, marked.last);
    const end = this.#filled + length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(text.subarray(start, start + length), this.#filled);
    this.#filled = end;
  }

  /** @param offset in the file */
  addLong(offset: number): void {
    this.#places.push(this.#lines++, -1, offset, -1, -1);
  }

  /** The first and the last of some lines; not those that are very long. */
  addEnds(text: Uint8Array): void {
    const stop = text.at(-1) === 0x0a ? text.length - 1 : text.length;
    const last = text.subarray(text.subarray(0, stop).lastIndexOf(0x0a) + 1, stop);
    if (last.length <= MAX_LINE) this.#last = last.slice();
    if (this.#first !== undefined) return;
    const newline = text.indexOf(0x0a);
    const first = text.subarray(0, newline < 0 ? stop : newline);
    if (first.length <= MAX_LINE) this.#first = first.slice();
  }

  count(lines: number, invalid: number, firstInvalid: number): void {
    if (invalid > 0 && this.#invalid === 0) this.#firstInvalid = this.#lines + firstInvalid;
    this.#invalid += invalid;
    this.#lines += lines;
  }

  result(): RangeResult {
    return {
      lines: this.#lines,
      invalid: this.#invalid,
      firstInvalid: this.#firstInvalid,
      places: Float64Array.from(this.#places),
      bytes: this.#bytes.slice(0, this.#filled),
      ends: [this.#first, this.#last].filter((line) => line !== undefined),
    };
  }
}
