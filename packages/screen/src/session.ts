import { detectFormat, readerFor } from "./formats/detect.ts";
import type { SieveMode } from "./engine/sieve.ts";
import type { LineReader } from "./formats/reader.ts";
import type { Hit, LogFormat } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { bytesToLatin1, isAscii, isUtf8 } from "./latin1.ts";
import { LineScreener } from "./line-screener.ts";
import type { LinePart } from "./lines.ts";
import type { Tally } from "./tally.ts";

/** So many bytes or lines are looked at to tell the format. */
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;

/** One run over one log, in its order: lines wait until the format is told, then are walked as they come. */
export class Session<Ref> {
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

  /** Whether lines may be scanned from here on: the format is told, and it does not cut tokens. */
  get canScan(): boolean {
    return this.#reader !== undefined && this.#reader.cutsTokens !== true;
  }

  /** How the sieve is to read this log. */
  get mode(): SieveMode {
    const format = this.#reader?.format;
    return {
      isJson: format === "eve" || format === "zeek-json" || format === "json",
      hasHeaders: format === "zeek-tsv",
    };
  }

  /** The next part of the log: counts and flags it and walks it. */
  take(part: LinePart): readonly Hit<Ref>[] {
    if (this.#screener !== undefined) {
      this.note(part);
      return this.walk(part);
    }
    // The chunk's owner may reuse its memory once we ask for the next one.
    this.#waiting.push({ ...part, bytes: part.bytes.slice() });
    this.#waitingBytes += part.bytes.length;
    if (this.#waitingBytes >= SAMPLE_BYTES || this.#waiting.length >= SAMPLE_LINES) return this.settle();
    return [];
  }

  /** Tells the format by what is waiting and walks that. */
  settle(): readonly Hit<Ref>[] {
    if (this.#screener === undefined) {
      const sample = this.#waiting.filter(({ isWindow }) => !isWindow).map(({ bytes }) => bytesToLatin1(bytes));
      this.#use(detectFormat(sample.map(withoutMark)));
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.flatMap((part) => this.take(part));
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
  walk({ bytes, line, offset, isWindow, ownStart, ownEnd }: LinePart): readonly Hit<Ref>[] {
    const screener = this.#screener;
    if (screener === undefined) throw new Error("lines are walked once the format is told");
    const text = textOf(bytes, line === 1 && offset === 0);
    const skipped = bytes.length - text.length;
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

  /** Notes the time of a line that is not walked. */
  noteTime(bytes: Uint8Array): void {
    this.#tally.time(this.#reader?.time(bytesToLatin1(bytes)) ?? null);
  }

  #use(format: LogFormat): void {
    this.#reader = readerFor(format);
    this.#screener = new LineScreener(this.#index, this.#reader);
    this.#tally.format = format;
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
