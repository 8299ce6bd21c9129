import type { Flag, Hit, LogFormat, Screener, ScreeningSummary } from "@detente/screen";
import { ZeekHeader } from "../content/zeek-header.ts";
import { BEGINNING, type LinePlace } from "../state/entry.ts";
import { FirstLine } from "./first-line.ts";

const NEWLINE = 0x0a;
/** Hits are handed on in batches of so many. */
const BATCH = 1000;

/** Lines of a log that begin at a place, and the format where it is known already. */
export interface Lines {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly begin: LinePlace;
  /** When the log was written at the latest, milliseconds since the epoch. */
  readonly writtenBy: number;
  readonly format: LogFormat | undefined;
  /** Whether hits are to have the text around them. */
  readonly withContext: boolean;
}

/** What was seen of a log; its hits are told apart from it. */
export type Seen = Omit<ScreeningSummary<unknown>, "byIndicator">;

export interface ScreenedLines {
  /** The lines of its flags count from the log's beginning. */
  readonly seen: Seen;
  /** The place behind them. */
  readonly end: LinePlace;
}

/**
 * Screens some lines of a log as if all that stands before them had been read too.
 * @param onHits told the hits with the numbers of their lines in the log, in order and in batches
 */
export async function screenLines<Ref>(
  screener: Screener<Ref>,
  { name, bytes, begin, writtenBy, format, withContext }: Lines,
  onHits: (hits: readonly Hit<Ref>[]) => Promise<void>,
): Promise<ScreenedLines> {
  const header = Buffer.from(begin.header, "latin1");
  // A reader begins with the header, which is not to be counted.
  const extra = begin.offset === 0 ? 0 : begin.header.split("\n").length - 1;
  const first = new FirstLine();
  const zeek = zeekHeaderAt(begin, format);
  const { column = 0 } = begin;
  let length = 0;
  /** Bytes behind the last line end. */
  let open = column;
  async function* source(): AsyncGenerator<Uint8Array> {
    if (extra > 0) yield header;
    for await (const chunk of bytes) {
      length += chunk.length;
      const newline = chunk.lastIndexOf(NEWLINE);
      open = newline < 0 ? open + chunk.length : chunk.length - newline - 1;
      if (begin.offset === 0) first.push(chunk);
      zeek.push(chunk);
      yield chunk;
    }
  }
  const screening = screener.screen(source(), {
    name,
    writtenBy,
    withContext,
    ...(format === undefined ? {} : { format }),
  });
  const shift = begin.line - BEGINNING.line - extra;
  let batch: Hit<Ref>[] = [];
  let hits = 0;
  for await (const hit of screening) {
    if (hit.line <= extra) continue;
    hits++;
    batch.push(placed(hit, begin, shift));
    if (batch.length < BATCH) continue;
    await onHits(batch);
    batch = [];
  }
  if (batch.length > 0) await onHits(batch);
  const { byIndicator: _byIndicator, ...summary } = screening.summary();
  // A line that goes on here was counted where it began, and one that goes on behind is counted here.
  const lines = summary.lines - extra - (column > 0 && length > 0 ? 1 : 0);
  const ended = summary.lines - extra - (open > 0 && length > 0 ? 1 : 0);
  const csvHeader = begin.offset === 0 ? first.text() : begin.header;
  const flags = summary.flags
    .map((flag) => ({ ...flag, line: flag.line + shift }))
    .map((flag) => (isTold(flag, begin) ? { ...flag, count: flag.count - 1 } : flag))
    .filter(({ count }) => count > 0);
  return {
    seen: { ...summary, lines, bytes: length, hits, flags },
    end: {
      offset: begin.offset + length,
      line: begin.line + ended,
      ...(open > 0 ? { column: open } : {}),
      header: summary.format === "csv" ? csvHeader : zeek.text(),
    },
  };
}

/** A hit where it is in its log. */
function placed<Ref>(hit: Hit<Ref>, { line, column = 0 }: LinePlace, shift: number): Hit<Ref> {
  const moved = { ...hit, line: hit.line + shift };
  return moved.line === line ? { ...moved, column: moved.column + column } : moved;
}

/** Whether a flag is for a line that was flagged where it began. */
function isTold({ code, line }: Flag, begin: LinePlace): boolean {
  return code === "long-line" && begin.column !== undefined && line === begin.line;
}

/** Of a log that is not known to be Zeek's, a line in its middle is no header, whatever it looks like. */
function zeekHeaderAt({ offset, header }: LinePlace, format: LogFormat | undefined): ZeekHeader {
  if (format === "zeek-tsv") return new ZeekHeader(offset === 0 ? undefined : header, "anywhere");
  if (offset === 0) return new ZeekHeader(undefined, "first");
  return new ZeekHeader(header, header === "" ? "nowhere" : "anywhere");
}
