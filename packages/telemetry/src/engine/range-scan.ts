import { readSync } from "node:fs";
import { type Candidate, MAX_LINE, type Sieve, type SieveMode } from "@detente/screen";

/** Some of a file's bytes, to be scanned on one thread: the lines that begin in them. */
export interface RangeJob {
  /** Open for reading; all threads of a process share descriptors. */
  readonly file: number;
  readonly from: number;
  readonly to: number;
  /** Where what may be read begins and ends: a line may go on behind the range. */
  readonly first: number;
  readonly last: number;
  readonly mode: SieveMode;
}

/** What a range holds, by lines from 0 on. */
export interface RangeResult {
  readonly lines: number;
  readonly invalid: number;
  readonly firstInvalid: number;
  /** Of each line to be walked: its number, its length without line feed, and its offset in the file. */
  readonly numbers: readonly number[];
  readonly lengths: readonly number[];
  readonly offsets: readonly number[];
  /** Where in them the first and the last mark is. */
  readonly firstMarks: readonly number[];
  readonly lastMarks: readonly number[];
  /** Those lines, one behind the other; nothing of those that are too long to be scanned at once: `length` is -1. */
  readonly bytes: Uint8Array;
  /** The first and the last line, which stand for the times of all. */
  readonly ends: readonly Uint8Array[];
}

/** What is read at once: small enough to stay in a processor's second cache, and the index's filters beside it. */
const PIECE = 256 * 1024;
const MORE = 64 * 1024;
/** Bytes of text that a thread needs: for a piece, and for a line that goes on behind it. */
export const TEXT_SIZE: number = PIECE + MAX_LINE + MORE;

/** Reads a range of a file and scans the lines that begin in it. Fails as reading does. */
export function scanRange(sieve: Sieve, job: RangeJob): RangeResult {
  const found = new Collector();
  // Whether a line begins at `from` is told by the byte before it.
  let at = job.from > job.first ? afterNewline(sieve, job, job.from - 1) : job.from;
  while (at < job.to) {
    const length = readLines(sieve, job, at);
    if (length === 0) break;
    const done = scanLines(sieve, job.mode, length, at, found);
    // Of a long line, only where it ends is asked any more.
    at = done < 0 ? afterNewline(sieve, job, at + length) : at + done;
  }
  return found.result();
}

/** Where the line ends that a place in the file is in; the range's end, or more, if none ends before it. */
function afterNewline({ text }: Sieve, { file, to }: RangeJob, from: number): number {
  for (let at = from; at < to;) {
    const piece = text.subarray(0, readAt(file, text.subarray(0, Math.min(PIECE, to - at)), at));
    const newline = piece.indexOf(0x0a);
    if (newline >= 0) return at + newline + 1;
    if (piece.length === 0) break;
    at += piece.length;
  }
  return to;
}

/**
 * Reads as many whole lines as a piece has; at least one, be it that it goes on behind the range, or as much of it as
 * shows that it is long. @returns their length
 */
function readLines({ text }: Sieve, { file, to, last }: RangeJob, at: number): number {
  let filled = readAt(file, text.subarray(0, Math.min(PIECE, to - at)), at);
  const newline = text.subarray(0, filled).lastIndexOf(0x0a);
  if (newline >= 0) return newline + 1;
  while (filled <= MAX_LINE && at + filled < last) {
    const more = text.subarray(filled, filled + Math.min(MORE, last - at - filled));
    const read = readAt(file, more, at + filled);
    if (read === 0) break;
    const end = more.subarray(0, read).indexOf(0x0a);
    if (end >= 0) return filled + end + 1;
    filled += read;
  }
  return filled;
}

/** Scans the lines at the beginning of the text. @returns their length; -1 if the last one is long and goes on */
function scanLines(sieve: Sieve, mode: SieveMode, length: number, begin: number, found: Collector): number {
  const { text } = sieve;
  found.addEnds(text.subarray(0, length));
  for (let at = 0; at < length;) {
    const scan = sieve.scan(at, length, mode);
    for (const candidate of scan.candidates) found.add(text, candidate, begin);
    found.count(scan.lines, scan.invalid, scan.firstInvalid);
    at = scan.end;
    if (!scan.isLong) continue;
    found.addLong(begin + at);
    const newline = text.subarray(at, length).indexOf(0x0a);
    if (newline < 0) return -1;
    at += newline + 1;
  }
  return length;
}

/** Gathers what a range holds. */
class Collector {
  readonly #numbers: number[] = [];
  readonly #lengths: number[] = [];
  readonly #offsets: number[] = [];
  readonly #firstMarks: number[] = [];
  readonly #lastMarks: number[] = [];
  readonly #parts: Uint8Array[] = [];
  #first: Uint8Array | undefined;
  #last: Uint8Array | undefined;
  #lines = 0;
  #invalid = 0;
  #firstInvalid = 0;

  /** @param begin where in the file the text begins, which is read over afterwards */
  add(text: Uint8Array, { start, length, line, marked }: Candidate, begin: number): void {
    this.#numbers.push(this.#lines + line);
    this.#lengths.push(length);
    this.#offsets.push(begin + start);
    this.#firstMarks.push(marked.first);
    this.#lastMarks.push(marked.last);
    this.#parts.push(text.slice(start, start + length));
  }

  /** @param offset in the file */
  addLong(offset: number): void {
    this.#numbers.push(this.#lines++);
    this.#lengths.push(-1);
    this.#offsets.push(offset);
    this.#firstMarks.push(-1);
    this.#lastMarks.push(-1);
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
    const bytes = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return {
      lines: this.#lines,
      invalid: this.#invalid,
      firstInvalid: this.#firstInvalid,
      numbers: this.#numbers,
      lengths: this.#lengths,
      offsets: this.#offsets,
      firstMarks: this.#firstMarks,
      lastMarks: this.#lastMarks,
      bytes,
      ends: [this.#first, this.#last].filter((line) => line !== undefined),
    };
  }
}

/** Reads until the target is full or the file ends. @returns how much was read */
export function readAt(file: number, target: Uint8Array, position: number): number {
  let read = 0;
  while (read < target.length) {
    const more = readSync(file, target, read, target.length - read, position + read);
    if (more === 0) break;
    read += more;
  }
  return read;
}
