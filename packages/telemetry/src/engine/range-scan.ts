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

const MORE = 64 * 1024;
/** Room for text beside a range: the byte before it, and the rest of its last line. */
export const RANGE_MARGIN: number = MAX_LINE + 2 * MORE;

/** Reads a range of a file and scans the lines that begin in it. Fails as reading does. */
export function scanRange(sieve: Sieve, job: RangeJob): RangeResult {
  const { text } = sieve;
  // Whether a line begins at `from` is told by the byte before it.
  const begin = Math.max(job.first, job.from - 1);
  let filled = readAt(job.file, text.subarray(0, job.to - begin), begin);
  const skipped = job.from > job.first ? text.subarray(0, filled).indexOf(0x0a) : -1;
  const start = job.from > job.first ? skipped + 1 : 0;
  if (filled === 0 || (job.from > job.first && (skipped < 0 || start === filled))) return new Collector(begin).result();
  while (text[filled - 1] !== 0x0a && begin + filled < job.last && filled < job.to - begin + MAX_LINE + MORE) {
    const more = text.subarray(filled, filled + Math.min(MORE, job.last - begin - filled));
    const read = readAt(job.file, more, begin + filled);
    if (read === 0) break;
    const newline = more.subarray(0, read).indexOf(0x0a);
    filled += newline < 0 ? read : newline + 1;
  }
  return scanLines(sieve, job.mode, start, filled, begin);
}

function scanLines(sieve: Sieve, mode: SieveMode, start: number, end: number, begin: number): RangeResult {
  const { text } = sieve;
  const found = new Collector(begin);
  for (let at = start; at < end;) {
    const scan = sieve.scan(at, end, mode);
    for (const candidate of scan.candidates) found.add(text, candidate);
    found.count(scan.lines, scan.invalid, scan.firstInvalid);
    at = scan.end;
    if (!scan.isLong) continue;
    found.addLong(at);
    const newline = text.subarray(at, end).indexOf(0x0a);
    at = newline < 0 ? end : at + newline + 1;
  }
  return found.result(endsOf(text.subarray(start, end)));
}

/** The first and the last line, unless they are very long. */
function endsOf(text: Uint8Array): Uint8Array[] {
  const newline = text.indexOf(0x0a);
  const stop = text[text.length - 1] === 0x0a ? text.length - 1 : text.length;
  const first = text.subarray(0, newline < 0 ? stop : newline);
  const last = text.subarray(text.subarray(0, stop).lastIndexOf(0x0a) + 1, stop);
  return [first, last].filter(({ length }) => length <= MAX_LINE).map((line) => new Uint8Array(line));
}

/** Gathers what a range holds. */
class Collector {
  readonly #begin: number;
  readonly #numbers: number[] = [];
  readonly #lengths: number[] = [];
  readonly #offsets: number[] = [];
  readonly #firstMarks: number[] = [];
  readonly #lastMarks: number[] = [];
  readonly #parts: Uint8Array[] = [];
  #lines = 0;
  #invalid = 0;
  #firstInvalid = 0;

  /** @param begin where in the file the text begins */
  constructor(begin: number) {
    this.#begin = begin;
  }

  add(text: Uint8Array, { start, length, line, marked }: Candidate): void {
    this.#numbers.push(this.#lines + line);
    this.#lengths.push(length);
    this.#offsets.push(this.#begin + start);
    this.#firstMarks.push(marked.first);
    this.#lastMarks.push(marked.last);
    this.#parts.push(text.subarray(start, start + length));
  }

  addLong(start: number): void {
    this.#numbers.push(this.#lines++);
    this.#lengths.push(-1);
    this.#offsets.push(this.#begin + start);
    this.#firstMarks.push(-1);
    this.#lastMarks.push(-1);
  }

  count(lines: number, invalid: number, firstInvalid: number): void {
    if (invalid > 0 && this.#invalid === 0) this.#firstInvalid = this.#lines + firstInvalid;
    this.#invalid += invalid;
    this.#lines += lines;
  }

  result(ends: readonly Uint8Array[] = []): RangeResult {
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
      ends,
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
