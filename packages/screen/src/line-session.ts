import { detectFormat, readerFor } from "./formats/detect.ts";
import type { LineReader } from "./formats/reader.ts";
import type { Hit, LineFormat, LogFormat } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { bytesToLatin1, isAscii, isUtf8 } from "./latin1.ts";
import { LineScreener } from "./line-screener.ts";
import { type LinePart, LineSplitter } from "./lines.ts";
import { MailScreener } from "./mail/mail-screener.ts";
import type { ScreenOptions } from "./screener.ts";
import type { Tally } from "./tally.ts";

/** So many bytes or lines are looked at to tell the format. */
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;

/** One run over one log: its lines wait until the format is told, then are screened as they come. */
export class LineSession<Ref> {
  readonly #index: IndicatorIndex<Ref>;
  readonly #options: ScreenOptions;
  readonly #tally: Tally<Ref>;
  readonly #splitter = new LineSplitter();
  #consumer: Consumer<Ref> | undefined;
  #waiting: LinePart[] = [];
  #waitingBytes = 0;

  constructor(index: IndicatorIndex<Ref>, options: ScreenOptions, tally: Tally<Ref>) {
    this.#index = index;
    this.#options = options;
    this.#tally = tally;
    if (options.format !== undefined && options.format !== "dnstap") this.#use(options.format);
  }

  *push(chunk: Uint8Array): Generator<Hit<Ref>> {
    for (const part of this.#splitter.push(chunk)) yield* this.#take(part);
  }

  *end(): Generator<Hit<Ref>> {
    for (const part of this.#splitter.end()) yield* this.#take(part);
    yield* this.#settle();
    yield* this.#counted(this.#consumer?.end() ?? []);
  }

  #take(part: LinePart): readonly Hit<Ref>[] {
    if (this.#consumer !== undefined) return this.#screen(part, this.#consumer);
    // The chunk's owner may reuse its memory once we ask for the next one.
    this.#waiting.push({ ...part, bytes: part.bytes.slice() });
    this.#waitingBytes += part.bytes.length;
    if (this.#waitingBytes >= SAMPLE_BYTES || this.#waiting.length >= SAMPLE_LINES) return this.#settle();
    return [];
  }

  /** Settles the format by what is waiting and screens it. */
  #settle(): readonly Hit<Ref>[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    const sample = waiting.filter(({ isWindow }) => !isWindow).map(({ bytes }) => bytesToLatin1(bytes));
    const consumer = this.#consumer ?? this.#use(detectFormat(sample.map(withoutMark)));
    return waiting.flatMap((part) => this.#screen(part, consumer));
  }

  #use(format: Exclude<LogFormat, "dnstap">): Consumer<Ref> {
    this.#tally.format = format;
    this.#consumer =
      format === "mbox" || format === "eml"
        ? new MailLines(new MailScreener(this.#index, format, this.#tally, this.#options.mail))
        : new LogLines(this.#index, format, this.#tally);
    return this.#consumer;
  }

  #screen(part: LinePart, consumer: Consumer<Ref>): readonly Hit<Ref>[] {
    const whole = bytesToLatin1(part.bytes);
    const text = part.line === 1 && part.offset === 0 ? withoutMark(whole) : whole;
    this.#note(part, text);
    return this.#counted(consumer.take(part, text, whole.length - text.length));
  }

  #counted(hits: readonly Hit<Ref>[]): readonly Hit<Ref>[] {
    for (const hit of hits) this.#tally.hit(hit);
    return hits;
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

/** What screens the lines of a format. */
interface Consumer<Ref> {
  /** @param text the part's bytes, a character each, without `skipped` bytes of a byte order mark */
  take(part: LinePart, text: string, skipped: number): readonly Hit<Ref>[];
  end(): readonly Hit<Ref>[];
}

/** Every line is read by itself. */
class LogLines<Ref> implements Consumer<Ref> {
  readonly #reader: LineReader;
  readonly #screener: LineScreener<Ref>;
  readonly #tally: Tally<Ref>;

  constructor(index: IndicatorIndex<Ref>, format: LineFormat, tally: Tally<Ref>) {
    this.#reader = readerFor(format);
    this.#screener = new LineScreener(index, this.#reader);
    this.#tally = tally;
  }

  take({ line, offset, isWindow, ownStart, ownEnd }: LinePart, text: string, skipped: number): readonly Hit<Ref>[] {
    const { hits, inFormat } = this.#screener.screen(text, line, isWindow);
    if (!isWindow) {
      this.#tally.time(this.#reader.time(text));
      if (!inFormat && text.trim() !== "") this.#tally.flag("not-in-format", line);
    }
    if (hits.length === 0) return hits;
    return hits
      .map((hit) => ({ ...hit, column: hit.column + skipped }))
      .filter(({ column }) => column > ownStart && column <= ownEnd)
      .map((hit) => ({ ...hit, column: hit.column + offset }));
  }

  end(): readonly Hit<Ref>[] {
    return [];
  }
}

/** Lines are taken together to messages; of windows each gives its own part. */
class MailLines<Ref> implements Consumer<Ref> {
  readonly #mail: MailScreener<Ref>;

  constructor(mail: MailScreener<Ref>) {
    this.#mail = mail;
  }

  take({ line, offset, ownStart, ownEnd }: LinePart, text: string, skipped: number): readonly Hit<Ref>[] {
    const own = text.slice(Math.max(0, ownStart - skipped), ownEnd - skipped);
    return this.#mail.take({ text: own, line, column: offset + ownStart + 1 });
  }

  end(): readonly Hit<Ref>[] {
    return this.#mail.end();
  }
}

/** A byte order mark is no part of the first line's form. */
function withoutMark(line: string): string {
  return line.startsWith("\u00ef\u00bb\u00bf") ? line.slice(3) : line;
}
