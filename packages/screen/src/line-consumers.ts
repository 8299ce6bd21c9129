import { readerFor } from "./formats/detect.ts";
import type { LineReader } from "./formats/reader.ts";
import type { Hit, LineFormat } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { LineScreener } from "./line-screener.ts";
import type { LinePlace } from "./lines.ts";
import { MailScreener } from "./mail/mail-screener.ts";
import type { ScreenOptions } from "./screener.ts";
import type { Tally } from "./tally.ts";

/** What screens the lines of a format. */
export interface Consumer<Ref> {
  /** Whether each line can be judged by itself, so that those without a trace of an indicator may be left out. */
  readonly canScan: boolean;
  /** @param text the part's bytes, a character each, without `skipped` bytes of a byte order mark */
  take(place: LinePlace, text: string, skipped: number): readonly Hit<Ref>[];
  end(): readonly Hit<Ref>[];
  /** Notes the time of a line that is not taken. */
  noteTime(text: string): void;
}

/** Every line is read by itself. */
export class LogLines<Ref> implements Consumer<Ref> {
  readonly #reader: LineReader;
  readonly #screener: LineScreener<Ref>;
  readonly #tally: Tally<Ref>;

  constructor(
    index: IndicatorIndex<Ref>,
    format: LineFormat,
    tally: Tally<Ref>,
    { withContext, writtenBy }: ScreenOptions,
  ) {
    this.#reader = readerFor(format, writtenBy);
    this.#screener = new LineScreener(index, this.#reader, withContext);
    this.#tally = tally;
  }

  get canScan(): boolean {
    return this.#reader.mustSeeAll !== true;
  }

  take(place: LinePlace, text: string, skipped: number): readonly Hit<Ref>[] {
    const { line, offset, isWindow, ownStart, ownEnd, marked } = place;
    const { hits, inFormat, time } = this.#screener.screen(text, line, isWindow, skipped === 0 ? marked : undefined);
    if (!isWindow) {
      this.#tally.time(time);
      if (!inFormat && text.trim() !== "") this.#tally.flag("not-in-format", line);
    }
    if (hits.length === 0 || (!isWindow && skipped === 0)) return hits;
    return hits
      .map((hit) => ({ ...hit, column: hit.column + skipped }))
      .filter(({ column }) => column > ownStart && column <= ownEnd)
      .map((hit) => ({ ...hit, column: hit.column + offset }));
  }

  end(): readonly Hit<Ref>[] {
    return [];
  }

  noteTime(text: string): void {
    this.#tally.time(this.#reader.time(text));
  }
}

/** Lines are taken together to messages; of windows each gives its own part. */
export class MailLines<Ref> implements Consumer<Ref> {
  readonly canScan = false;
  readonly #mail: MailScreener<Ref>;

  constructor(index: IndicatorIndex<Ref>, format: "mbox" | "eml", tally: Tally<Ref>, options: ScreenOptions) {
    this.#mail = new MailScreener(index, format, tally, options);
  }

  take({ line, offset, ownStart, ownEnd }: LinePlace, text: string, skipped: number): readonly Hit<Ref>[] {
    const own = text.slice(Math.max(0, ownStart - skipped), ownEnd - skipped);
    return this.#mail.take({ text: own, line, column: offset + ownStart + 1 });
  }

  end(): readonly Hit<Ref>[] {
    return this.#mail.end();
  }

  noteTime(): void {
    // A message's time is in its header, which is always taken.
  }
}
