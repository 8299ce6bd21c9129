import { closeSync, fstatSync, openSync } from "node:fs";
import {
  type Hit,
  type ImageIndex,
  type LinePart,
  LineSplitter,
  type ScreenOptions,
  Session,
  type Tally,
  takeWindow,
} from "@detente/screen";
import type { FileRange } from "../log-source.ts";
import { keptLines, type RangeResult } from "./range-result.ts";
import { readAt } from "./range-scan.ts";
import type { ScanThreads } from "./scan-threads.ts";

const CHUNK = 256 * 1024;

/** What a run needs beside its file. */
export interface FileRunContext<Ref> {
  readonly index: ImageIndex<Ref>;
  readonly threads: ScanThreads;
  readonly rangeSize: number;
  readonly tally: Tally<Ref>;
}

/**
 * The hits of a file, in its order: threads scan ranges ahead, and what they keep is walked here, range after range.
 * Lines are walked as their hits are taken; those of one range are to be taken before the next is asked for.
 */
export async function* runFile<Ref>(
  context: FileRunContext<Ref>,
  { path, from = 0, to = Number.POSITIVE_INFINITY }: FileRange,
  options: ScreenOptions,
): AsyncGenerator<Iterable<Hit<Ref>>, undefined> {
  const file = openSync(path, "r");
  const pending: Promise<RangeResult>[] = [];
  try {
    const last = Math.min(to, fstatSync(file).size);
    const session = new Session(context.index, options, context.tally);
    const run = new FileRun(context, session, file, from, last);
    yield run.walk(from, 1, () => session.canScan);
    const first = run.at;
    for (let next = first; run.at < last;) {
      for (; next < last && pending.length < 2 * context.threads.count; next += context.rangeSize) {
        const end = Math.min(last, next + context.rangeSize);
        pending.push(context.threads.scan({ file, from: next, to: end, first, last, mode: session.mode }));
      }
      const result = await pending.shift();
      if (result !== undefined) yield run.take(result, Math.min(last, run.at + context.rangeSize));
    }
    yield session.end();
  } finally {
    // The number of a closed descriptor may at once be that of another file.
    await Promise.allSettled(pending);
    closeSync(file);
  }
  return undefined;
}

/** How far a file is done. */
class FileRun<Ref> {
  readonly #context: FileRunContext<Ref>;
  readonly #session: Session<Ref>;
  readonly #file: number;
  readonly #last: number;
  /** Up to here all is done. */
  at: number;
  /** The number of the next line. */
  #line = 1;

  constructor(context: FileRunContext<Ref>, session: Session<Ref>, file: number, first: number, last: number) {
    this.#context = context;
    this.#session = session;
    this.#file = file;
    this.at = first;
    this.#last = last;
  }

  /** Walks line by line until a line after which that may end, or the end of the file. */
  *walk(from: number, line: number, mayEnd: () => boolean): Generator<Hit<Ref>, undefined> {
    for (const part of this.#parts(from, line)) {
      yield* this.#session.take(part);
      if (part.isLast && mayEnd()) return undefined;
    }
    return undefined;
  }

  /** Walks what a range's scan kept. @param end of the range */
  *take(result: RangeResult, end: number): Generator<Hit<Ref>, undefined> {
    const { tally } = this.#context;
    const base = this.#line;
    const bytes = Buffer.from(result.bytes.buffer, result.bytes.byteOffset, result.bytes.length);
    let begin = 0;
    let counted = result.lines;
    for (const { number, length, offset, first, last } of keptLines(result)) {
      const line = base + number;
      if (length < 0) {
        counted--;
        yield* this.#takeLong(offset, line);
        continue;
      }
      yield* this.#session.walkKept(bytes.toString("latin1", begin, begin + length), line, { first, last });
      begin += length;
      if (this.#session.canScan) continue;
      tally.lines += counted - (result.lines - number - 1);
      return yield* this.walk(offset + length + 1, line + 1, () => false);
    }
    for (const line of result.ends) this.#session.noteTime(line);
    tally.lines += counted;
    tally.bytes += end - this.at;
    if (result.invalid > 0) tally.flag("invalid-utf8", base + result.firstInvalid, result.invalid);
    this.#line = base + result.lines;
    this.at = end;
    return undefined;
  }

  /** A line that is too long for a range: its windows are scanned here. */
  *#takeLong(offset: number, line: number): Generator<Hit<Ref>, undefined> {
    const { image } = this.#context.index;
    const sieve = image.takeSieve();
    try {
      for (const part of this.#parts(offset, line, false)) {
        yield* takeWindow(this.#session, sieve, part);
        if (part.isLast) return undefined;
      }
    } finally {
      image.returnSieve(sieve);
    }
    return undefined;
  }

  /** The lines from an offset on; unless told otherwise, what they take is done. */
  *#parts(from: number, line: number, counts = true): Generator<LinePart, undefined> {
    const splitter = new LineSplitter(line);
    const buffer = new Uint8Array(CHUNK);
    const note = (at: number): void => {
      if (!counts) return;
      this.#context.tally.bytes += at - this.at;
      this.at = at;
    };
    note(from);
    for (let at = from; at < this.#last;) {
      const chunk = buffer.subarray(0, readAt(this.#file, buffer.subarray(0, this.#last - at), at));
      if (chunk.length === 0) break;
      for (const part of splitter.push(chunk)) {
        this.#line = part.line + 1;
        note(at + splitter.position);
        yield part;
      }
      at += chunk.length;
    }
    note(Math.max(from, this.#last));
    yield* splitter.end();
    return undefined;
  }
}
