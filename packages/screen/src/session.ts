import type { SieveMode } from "./engine/sieve.ts";
import { detectFormat } from "./formats/detect.ts";
import type { Hit, LogFormat } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { bytesToLatin1, isAscii, isUtf8 } from "./latin1.ts";
import type { LinePart, Marked } from "./lines.ts";
import { type Consumer, LogLines, MailLines } from "./line-consumers.ts";
import type { ScreenOptions } from "./screener.ts";
import type { Tally } from "./tally.ts";

/** So many bytes or lines are looked at to tell the format. */
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;

/** One run over the lines of one log, in its order: they wait until the format is told, then are walked as they come. */
export class Session<Ref> {
  readonly #index: IndicatorIndex<Ref>;
  readonly #options: ScreenOptions;
  readonly #tally: Tally<Ref>;
  #consumer: Consumer<Ref> | undefined;
  /** Takes the windows of a line over the limit while the format is not told yet. */
  #long: Consumer<Ref> | undefined;
  #waiting: LinePart[] = [];
  #waitingBytes = 0;

  constructor(index: IndicatorIndex<Ref>, options: ScreenOptions, tally: Tally<Ref>) {
    this.#index = index;
    this.#options = options;
    this.#tally = tally;
    if (options.format !== undefined && options.format !== "dnstap") this.#use(options.format);
  }

  /** Whether lines may be scanned from here on: the format is told, and each line can be judged by itself. */
  get canScan(): boolean {
    return this.#consumer?.canScan === true;
  }

  /** How the sieve is to read this log. */
  get mode(): SieveMode {
    const { format } = this.#tally;
    return {
      isJson: format === "eve" || format === "zeek-json" || format === "json",
      isSyslog: format === "syslog",
      hasHeaders: format === "zeek-tsv",
    };
  }

  /** The next part of the log: counts and flags it and walks it. */
  take(part: LinePart): readonly Hit<Ref>[] {
    if (this.#consumer !== undefined) {
      this.note(part);
      return this.walk(part);
    }
    if (part.isWindow && this.#waiting.length === 0) return this.#takeLong(part);
    // The chunk's owner may reuse its memory once we ask for the next one.
    this.#waiting.push({ ...part, bytes: part.bytes.slice() });
    this.#waitingBytes += part.bytes.length;
    if (this.#waitingBytes >= SAMPLE_BYTES || this.#waiting.length >= SAMPLE_LINES) return this.#settle();
    return [];
  }

  /** There are no more lines. */
  *end(): Generator<Hit<Ref>, undefined> {
    yield* this.#settle();
    yield* this.#counted(this.#consumer?.end() ?? []);
    return undefined;
  }

  /** Counts a line at its first part and flags what is odd about its bytes. */
  note({ bytes, line, offset, isWindow }: LinePart): void {
    if (offset > 0) return;
    this.#tally.lines++;
    const text = textOf(bytes, line === 1);
    if (isWindow) this.#tally.flag("long-line", line);
    if (line === 1 && /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(text)) this.#tally.flag("utf-16", line);
    else if (!isWindow && !isAscii(text) && !isUtf8(bytes)) this.#tally.flag("invalid-utf8", line);
  }

  /** Takes a part apart and looks for indicators in it. */
  walk(part: LinePart): readonly Hit<Ref>[] {
    if (this.#consumer === undefined) throw new Error("lines are walked once the format is told");
    const text = textOf(part.bytes, part.line === 1 && part.offset === 0);
    return this.#counted(this.#consumer.take(part, text, part.bytes.length - text.length));
  }

  /**
   * Takes a whole line apart that the sieve has kept.
   * @param line one character for each byte, without the line feed; not the log's first line
   * @param number of the line, from 1
   */
  walkKept(line: string, number: number, marked: Marked): readonly Hit<Ref>[] {
    if (this.#consumer === undefined) throw new Error("lines are walked once the format is told");
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    const place = { line: number, offset: 0, isWindow: false, isLast: true, ownStart: 0, ownEnd: text.length, marked };
    return this.#counted(this.#consumer.take(place, text, 0));
  }

  /** Notes the time of a line that is not walked. */
  noteTime(bytes: Uint8Array): void {
    this.#consumer?.noteTime(bytesToLatin1(bytes));
  }

  /**
   * A line over the limit at a log's beginning does not tell the format: whoever can write one would have all that
   * follows read as free text. Its own windows are free text, with the escapes of what it looks like.
   */
  #takeLong(part: LinePart): readonly Hit<Ref>[] {
    const text = textOf(part.bytes, part.line === 1 && part.offset === 0);
    if (part.offset === 0)
      this.#long = new LogLines(this.#index, /^\s*\{/.test(text) ? "json" : "text", this.#tally, this.#options);
    this.note(part);
    return this.#counted(this.#long?.take(part, text, part.bytes.length - text.length) ?? []);
  }

  /** Tells the format by what is waiting and walks that. */
  #settle(): readonly Hit<Ref>[] {
    if (this.#consumer === undefined) {
      if (this.#waiting.length === 0 && this.#long !== undefined) return [];
      const sample = this.#waiting.filter(({ isWindow }) => !isWindow).map(({ bytes }) => bytesToLatin1(bytes));
      this.#use(detectFormat(sample.map(withoutMark)));
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.flatMap((part) => this.take(part));
  }

  #use(format: Exclude<LogFormat, "dnstap">): void {
    this.#tally.format = format;
    this.#consumer =
      format === "mbox" || format === "eml"
        ? new MailLines(this.#index, format, this.#tally, this.#options)
        : new LogLines(this.#index, format, this.#tally, this.#options);
  }

  #counted(hits: readonly Hit<Ref>[]): readonly Hit<Ref>[] {
    for (const hit of hits) this.#tally.hit(hit);
    return hits;
  }
}

function textOf(bytes: Uint8Array, isFirst: boolean): string {
  const text = bytesToLatin1(bytes);
  return isFirst ? withoutMark(text) : text;
}

/** A byte order mark is no part of the first line's form. */
function withoutMark(line: string): string {
  return line.startsWith("\u00ef\u00bb\u00bf") ? line.slice(3) : line;
}
