import { detectFormat, readerFor } from "./formats/detect.ts";
import type { LineReader } from "./formats/reader.ts";
import type { Hit, LogFormat, ScreeningSummary } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { bytesToLatin1, isAscii, isUtf8 } from "./latin1.ts";
import { LineScreener } from "./line-screener.ts";
import { type LinePart, LineSplitter } from "./lines.ts";
import { Tally } from "./tally.ts";

export interface ScreenOptions {
  /** The log's name, for the summary. */
  readonly name: string;
  /** Told by the content when absent. */
  readonly format?: LogFormat;
}

/** The hits of one log, in its order, found as they are asked for; and what was seen so far. */
export interface Screening<Ref> extends AsyncIterable<Hit<Ref>> {
  /** Complete once all hits were taken. */
  summary(): ScreeningSummary<Ref>;
}

export interface Screener<Ref> {
  /**
   * Screens a log against the index. Memory is bounded by the longest line up to 1 MiB and by the indicators that
   * hit. Fails only as its source fails; nothing in a log is an error.
   * @param source uncompressed bytes, in chunks of any size
   */
  screen(source: AsyncIterable<Uint8Array>, options: ScreenOptions): Screening<Ref>;
}

/**
 * The plain engine: it walks every line by the rules of its format. It is the reference that faster engines of the
 * same interface are held against.
 */
export function createScreener<Ref>(index: IndicatorIndex<Ref>): Screener<Ref> {
  return {
    screen(source, options) {
      const tally = new Tally<Ref>(options.name);
      return {
        [Symbol.asyncIterator]: () => run(index, source, options, tally),
        summary: () => tally.summary(),
      };
    },
  };
}

/** So many bytes or lines are looked at to tell the format. */
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;

async function* run<Ref>(
  index: IndicatorIndex<Ref>,
  source: AsyncIterable<Uint8Array>,
  options: ScreenOptions,
  tally: Tally<Ref>,
): AsyncGenerator<Hit<Ref>, undefined> {
  const splitter = new LineSplitter();
  const session = new Session(index, options.format, tally);
  for await (const chunk of source) {
    tally.bytes += chunk.length;
    for (const part of splitter.push(chunk)) yield* session.take(part);
  }
  for (const part of splitter.end()) yield* session.take(part);
  yield* session.finish();
  return undefined;
}

/** One run over one log: lines wait until the format is told, then are screened as they come. */
class Session<Ref> {
  readonly #index: IndicatorIndex<Ref>;
  readonly #tally: Tally<Ref>;
  #reader: LineReader | undefined;
  #screener: LineScreener<Ref> | undefined;
  #waiting: LinePart[] = [];
  #waitingBytes = 0;

  constructor(index: IndicatorIndex<Ref>, format: LogFormat | undefined, tally: Tally<Ref>) {
    this.#index = index;
    this.#tally = tally;
    if (format !== undefined) this.#use(format);
  }

  take(part: LinePart): readonly Hit<Ref>[] {
    if (this.#screener !== undefined) return this.#screen(part, this.#screener);
    // The chunk's owner may reuse its memory once we ask for the next one.
    this.#waiting.push({ ...part, bytes: part.bytes.slice() });
    this.#waitingBytes += part.bytes.length;
    if (this.#waitingBytes >= SAMPLE_BYTES || this.#waiting.length >= SAMPLE_LINES) return this.finish();
    return [];
  }

  /** Settles the format by what is waiting and screens it. */
  finish(): readonly Hit<Ref>[] {
    if (this.#screener === undefined) {
      const sample = this.#waiting.filter(({ isWindow }) => !isWindow).map(({ bytes }) => bytesToLatin1(bytes));
      this.#use(detectFormat(sample.map(withoutMark)));
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.flatMap((part) => this.#screen(part, this.#screener as LineScreener<Ref>));
  }

  #use(format: LogFormat): void {
    this.#reader = readerFor(format);
    this.#screener = new LineScreener(this.#index, this.#reader);
    this.#tally.format = format;
  }

  #screen(part: LinePart, screener: LineScreener<Ref>): readonly Hit<Ref>[] {
    const { bytes, line, offset, isWindow, ownStart, ownEnd } = part;
    const whole = bytesToLatin1(bytes);
    const text = line === 1 && offset === 0 ? withoutMark(whole) : whole;
    const skipped = whole.length - text.length;
    this.#note(part, text);
    const { hits, inFormat } = screener.screen(text, line, isWindow);
    if (!isWindow) {
      this.#tally.time(this.#reader?.time(text) ?? null);
      if (!inFormat && text.trim() !== "") this.#tally.flag("not-in-format", line);
    }
    if (hits.length === 0) return hits;
    const own = hits
      .map((hit) => ({ ...hit, column: hit.column + skipped }))
      .filter(({ column }) => column > ownStart && column <= ownEnd)
      .map((hit) => ({ ...hit, column: hit.column + offset }));
    for (const hit of own) this.#tally.hit(hit);
    return own;
  }

  /** Counts a line at its first part and flags what is odd about it. */
  #note({ bytes, line, offset, isWindow }: LinePart, text: string): void {
    if (offset > 0) return;
    this.#tally.lines++;
    if (isWindow) this.#tally.flag("long-line", line);
    if (line === 1 && /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(text)) this.#tally.flag("utf-16", line);
    else if (!isWindow && !isAscii(text) && !isUtf8(bytes)) this.#tally.flag("invalid-utf8", line);
  }
}

/** A byte order mark is no part of the first line's form. */
function withoutMark(line: string): string {
  return line.startsWith("\u00ef\u00bb\u00bf") ? line.slice(3) : line;
}
