import { readSync } from "node:fs";
import { MAX_LINE, type Sieve, type SieveMode } from "@detente/screen";
import { RangeCollector, type RangeResult } from "./range-result.ts";

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

/** What is read at once: small enough to stay in a processor's second cache, and the index's filters beside it. */
const PIECE = 256 * 1024;
const MORE = 64 * 1024;
/** Bytes of text that a thread needs: for a piece, and for a line that goes on behind it. */
export const TEXT_SIZE: number = PIECE + MAX_LINE + MORE;

/** Reads a range of a file and scans the lines that begin in it. Fails as reading does. */
export function scanRange(sieve: Sieve, job: RangeJob): RangeResult {
  const found = new RangeCollector();
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
function scanLines(sieve: Sieve, mode: SieveMode, length: number, begin: number, found: RangeCollector): number {
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
