import type { Hit, LogFormat, Screener, ScreeningSummary } from "@detente/screen";
import { BEGINNING, type LinePlace } from "../state/entry.ts";
import { HeaderLines } from "./header-lines.ts";

/** Hits are handed on in batches of so many. */
const BATCH = 1000;

/** Lines of a log that begin at a place, and the format where it is known already. */
export interface Lines {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly begin: LinePlace;
  readonly format: LogFormat | undefined;
}

/** What was seen of a log; its hits are told apart from it. */
export type Seen = Omit<ScreeningSummary<unknown>, "byIndicator">;

export interface ScreenedLines {
  /** The lines of its flags count from the log's beginning. */
  readonly seen: Seen;
  /** The place behind them, if they end with a line end. */
  readonly end: LinePlace;
}

/**
 * Screens some lines of a log as if all that stands before them had been read too.
 * @param onHits told the hits with the numbers of their lines in the log, in order and in batches
 */
export async function screenLines<Ref>(
  screener: Screener<Ref>,
  { name, bytes, begin, format }: Lines,
  onHits: (hits: readonly Hit<Ref>[]) => Promise<void>,
): Promise<ScreenedLines> {
  const header = Buffer.from(begin.header, "latin1");
  // A reader begins with the header, which is not to be counted.
  const extra = begin.offset === 0 ? 0 : begin.header.split("\n").length - 1;
  const headers = new HeaderLines(begin.header, begin.offset === 0);
  let length = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    if (extra > 0) yield header;
    for await (const chunk of bytes) {
      length += chunk.length;
      headers.push(chunk);
      yield chunk;
    }
  }
  const screening = screener.screen(source(), { name, ...(format === undefined ? {} : { format }) });
  const shift = begin.line - BEGINNING.line - extra;
  let batch: Hit<Ref>[] = [];
  let hits = 0;
  for await (const hit of screening) {
    if (hit.line <= extra) continue;
    hits++;
    batch.push({ ...hit, line: hit.line + shift });
    if (batch.length < BATCH) continue;
    await onHits(batch);
    batch = [];
  }
  if (batch.length > 0) await onHits(batch);
  const { byIndicator: _byIndicator, ...summary } = screening.summary();
  const lines = summary.lines - extra;
  const csvHeader = begin.offset === 0 ? headers.first.text() : begin.header;
  const flags = summary.flags.map((flag) => ({ ...flag, line: flag.line + shift }));
  return {
    seen: { ...summary, lines, bytes: length, hits, flags },
    end: {
      offset: begin.offset + length,
      line: begin.line + lines,
      header: summary.format === "csv" ? csvHeader : headers.text(),
    },
  };
}
