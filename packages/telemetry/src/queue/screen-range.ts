import { createReadStream } from "node:fs";
import type { Hit, LogFormat, Screener } from "@detente/screen";
import type { FileRange } from "../log-source.ts";
import type { RangeSummary } from "./outcome.ts";

/** A part of a log, to be screened as if what stands before it had been read. */
export interface Range {
  /** A part of a file of plain bytes, or the bytes of a whole one as they are unpacked. */
  readonly source: FileRange | AsyncIterable<Uint8Array>;
  /** Told by the content when absent. */
  readonly format: LogFormat | undefined;
  /** Lines to be read first, each with its end; they are neither searched nor counted. */
  readonly header: string;
  /** When the log was written at the latest, milliseconds since the epoch. */
  readonly writtenBy: number;
}

export interface RangeScreening<Ref> extends AsyncIterable<Hit<Ref>> {
  /** Complete once all hits were taken. */
  summary(): RangeSummary;
}

/**
 * Screens a part of a log. Lines are counted from its beginning.
 * @param name the log's, for messages
 * @param signal makes it throw at the next chunk
 */
export function screenRange<Ref>(
  screener: Screener<Ref>,
  { source, format, header, writtenBy }: Range,
  name: string,
  signal: AbortSignal,
): RangeScreening<Ref> {
  const bytes = Buffer.from(header, "utf8");
  const skipped = bytes.filter((byte) => byte === 0x0a).length;
  const screening = screener.screen(chunks(bytes, source, signal), {
    name,
    writtenBy,
    ...(format === undefined ? {} : { format }),
  });
  let hits = 0;
  return {
    async *[Symbol.asyncIterator]() {
      for await (const hit of screening) {
        if (hit.line <= skipped) continue;
        hits++;
        yield skipped === 0 ? hit : { ...hit, line: hit.line - skipped };
      }
    },
    summary() {
      const whole = screening.summary();
      return {
        format: whole.format,
        lines: whole.lines - skipped,
        bytes: whole.bytes - bytes.length,
        hits,
        flags: whole.flags.map(({ code, count, line }) => ({ code, count, line: line - skipped })),
        from: whole.from,
        to: whole.to,
      };
    },
  };
}

async function* chunks(
  header: Uint8Array,
  source: Range["source"],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  if (header.length > 0) yield header;
  for await (const chunk of Symbol.asyncIterator in source ? source : fileChunks(source)) {
    signal.throwIfAborted();
    yield chunk;
  }
  return undefined;
}

async function* fileChunks({ path, from = 0, to }: FileRange): AsyncGenerator<Uint8Array, undefined> {
  if (to === from) return undefined;
  const end = to === undefined ? {} : { end: to - 1 };
  yield* createReadStream(path, { start: from, ...end, highWaterMark: 1 << 20 });
  return undefined;
}
