import { closeSync, createReadStream, openSync } from "node:fs";
import {
  createSieveScreener,
  documentFormat,
  Flattened,
  type ImageIndex,
  type Screener,
  type Screening,
  type ScreenOptions,
  Tally,
} from "@detente/screen";
import type { FileRange, LogSource } from "../log-source.ts";
import { runFile } from "./file-run.ts";
import { readAt } from "./range-scan.ts";
import { ScanThreads } from "./scan-threads.ts";

export interface EngineOptions {
  /** How many threads scan files. */
  readonly threads: number;
  /** Bytes of a file that a thread scans at once; the default is best but for tests. @internal */
  readonly rangeSize?: number;
}

/** Screens logs on all cores. */
export interface Engine<Ref> extends Screener<Ref> {
  /**
   * As `Screener` has it. A file is read and scanned by all threads, which is the fast way; a stream is scanned on the
   * calling thread. The hits and their order are the same in either way, whatever the number of threads; see
   * `createSieveScreener` for what of the summary is told more coarsely. Throws when the file cannot be read.
   */
  screen(source: LogSource, options: ScreenOptions): Screening<Ref>;
  /** Screens against another index from now on. For between screenings: one that runs would mix the two, so it throws. */
  use(index: ImageIndex<Ref>): void;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Bytes that tell frames from lines. */
const HEAD = 64;
/** Eight mebibytes: long against a thread's answer, short against a file. */
const RANGE_SIZE = 8 * 1024 * 1024;

/** Starts an engine; its threads wait until there is a file. */
export function createEngine<Ref>(index: ImageIndex<Ref>, options: EngineOptions): Engine<Ref> {
  const rangeSize = options.rangeSize ?? RANGE_SIZE;
  const threads = new ScanThreads(index.image, options.threads);
  let current = index;
  let running = 0;
  const counted = async function* <T>(hits: AsyncGenerator<T, undefined>): AsyncGenerator<T, undefined> {
    running++;
    try {
      yield* hits;
    } finally {
      running--;
    }
    return undefined;
  };
  return {
    screen(source, screenOptions) {
      if (!("path" in source)) return createSieveScreener(current).screen(source, screenOptions);
      if (isFrames(source, screenOptions)) return createSieveScreener(current).screen(bytesOf(source), screenOptions);
      const tally = new Tally<Ref>(screenOptions.name);
      const context = { index: current, threads, rangeSize, tally };
      return {
        [Symbol.asyncIterator]: () => new Flattened(counted(runFile(context, source, screenOptions))),
        summary: () => tally.summary(),
      };
    },
    use(next) {
      if (running > 0) throw new Error("the index of an engine is changed between screenings, and one is running");
      current = next;
      threads.use(next.image);
    },
    close: () => threads.close(),
  };
}

/** Whether a file consists of frames, which only a reader from its beginning on can tell apart: it has no lines to scan. */
function isFrames({ path, from = 0 }: FileRange, { format }: ScreenOptions): boolean {
  if (format !== undefined) return format === "dnstap";
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const head = new Uint8Array(HEAD);
    return documentFormat(head.subarray(0, readAt(file, head, from))) === "dnstap";
  } catch {
    // What cannot be read is told by the run, when its hits are asked for.
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function bytesOf({ path, from = 0, to = Number.POSITIVE_INFINITY }: FileRange): AsyncIterable<Uint8Array> {
  // Streams end with the byte that they are told, not before it.
  return createReadStream(path, { start: from, end: to - 1, highWaterMark: 1 << 20 });
}
