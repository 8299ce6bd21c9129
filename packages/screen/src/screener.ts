import { type ByteSession, runBytes } from "./byte-session.ts";
import { Flattened } from "./flattened.ts";
import type { Hit, LogFormat, ScreeningSummary } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { LineSplitter } from "./lines.ts";
import type { MailOptions } from "./mail/mail-screener.ts";
import { Session } from "./session.ts";
import { Tally } from "./tally.ts";

export interface ScreenOptions {
  /** The log's name, for the summary. */
  readonly name: string;
  /** Told by the content when absent. */
  readonly format?: LogFormat;
  /** What else to tell about mail; nothing when absent. */
  readonly mail?: MailOptions;
  /**
   * When what there is of the log was written at the latest, milliseconds since the epoch: times without a year (RFC
   * 3164) are of the latest year that allows for that, give or take a day; without it they are no times.
   */
  readonly writtenBy?: number;
  /** Whether hits are to have the text around them; dnstap has none. */
  readonly withContext?: boolean;
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
        [Symbol.asyncIterator]: () =>
          new Flattened(runBytes(index, source, options, tally, () => new Walk(index, options, tally))),
        summary: () => tally.summary(),
      };
    },
  };
}

/** Walks every line. */
class Walk<Ref> implements ByteSession<Ref> {
  readonly #splitter = new LineSplitter();
  readonly #session: Session<Ref>;

  constructor(index: IndicatorIndex<Ref>, options: ScreenOptions, tally: Tally<Ref>) {
    this.#session = new Session(index, options, tally);
  }

  *push(chunk: Uint8Array): Generator<Hit<Ref>> {
    for (const part of this.#splitter.push(chunk)) yield* this.#session.take(part);
  }

  *end(): Generator<Hit<Ref>> {
    for (const part of this.#splitter.end()) yield* this.#session.take(part);
    yield* this.#session.end();
  }
}
