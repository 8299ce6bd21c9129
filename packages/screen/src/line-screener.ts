import { excerpt } from "./excerpt.ts";
import { type FieldName, FREE_TEXT, type LineReader, type LineVisitor, type RequestFields } from "./formats/reader.ts";
import type { Hit, HitClass, HitIndicator } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import { latin1ToText } from "./latin1.ts";
import type { Marked } from "./lines.ts";
import { decodeDefanged, decodePercent, type MappedText, offsetInLine } from "./mapped-text.ts";
import { findIpv6 } from "./match/addresses.ts";
import { findEmails } from "./match/emails.ts";
import { plainRun, type Search, SHORTEST_DIGEST } from "./match/found.ts";
import { findNames, findPlainName } from "./match/names.ts";
import { findRequest, findUrls } from "./match/urls.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The shortest indicator is `::`-like or `a.bc`; shorter pieces hold none. */
const SHORTEST = 3;
/** A piece without any of these holds no indicator unless it is long enough for a digest. */
const MARKS = /[.:@%\\\u0080-\u00ff]/;

const EVERYWHERE: Marked = { first: 0, last: Number.POSITIVE_INFINITY };

/** What was found in a line. */
interface ScreenedLine<Ref> {
  readonly hits: readonly Hit<Ref>[];
  readonly inFormat: boolean;
  /** When it says it happened. */
  readonly time: number | null;
}

/**
 * Screens one line after another: takes it apart, undoes what was done to its text layer by layer (escapes,
 * defanging, percent-encoding), and looks for indicators in what remains.
 */
export class LineScreener<Ref> implements LineVisitor {
  readonly #reader: LineReader;
  readonly #search: Mutable<Search<Ref>>;
  readonly #withContext: boolean;
  #line = "";
  #marked = EVERYWHERE;
  #hits: Mutable<Hit<Ref>>[] = [];
  /** What is being searched: offsets of its text are led back to the line through it. */
  #piece: MappedText = { text: "", offsets: undefined, start: 0 };
  #field: FieldName = FREE_TEXT;

  /** @param withContext whether hits are to have the text around them */
  constructor(index: IndicatorIndex<Ref>, reader: LineReader, withContext = false) {
    this.#reader = reader;
    this.#withContext = withContext;
    this.#search = {
      index,
      text: "",
      isField: false,
      report: (indicator, start, end, as) => {
        const piece = this.#piece;
        this.#report(indicator, offsetInLine(piece, start), offsetInLine(piece, end), as, this.#field);
      },
    };
  }

  /**
   * @param line one character for each byte
   * @param asText leave the format aside
   * @param marked where the sieve has found something; by default all of the line is looked at
   * @returns its hits from left to right, and, unless it is but text without hits, what its format says of it
   */
  screen(line: string, number: number, asText: boolean, marked: Marked = EVERYWHERE): ScreenedLine<Ref> {
    this.#line = line;
    this.#marked = marked;
    this.#hits = [];
    const inFormat = !asText && this.#reader.read(line, this);
    if (!inFormat) {
      // A line that is only half in the format was half visited: as text it is visited whole, once.
      this.#hits = [];
      this.piece(0, line.length, FREE_TEXT);
    }
    const time = asText && this.#hits.length === 0 ? null : this.#reader.time(line);
    for (const hit of this.#hits) {
      hit.line = number;
      hit.time = time;
      if (this.#withContext) hit.context = excerpt(line, hit.column - 1);
    }
    if (this.#hits.length > 1) this.#hits.sort((a, b) => a.column - b.column);
    return { hits: this.#hits, inFormat, time };
  }

  wants(start: number, end: number): boolean {
    return end > this.#marked.first && start <= this.#marked.last;
  }

  piece(start: number, end: number, field: FieldName, isPart = false): void {
    if (end - start < SHORTEST || !this.wants(start, end)) return;
    const raw = this.#line.slice(start, end);
    if (raw.length < SHORTEST_DIGEST && !MARKS.test(raw)) return;
    this.#field = field;
    this.#search.isField = field !== FREE_TEXT && !isPart;
    const piece = { text: raw, offsets: undefined, start };
    const run = plainRun(raw);
    if (run !== undefined) return findPlainName(this.#searchIn(piece), run);
    const readable = decodeDefanged(this.#reader.unescape(piece));
    findUrls(this.#searchIn(readable));
    const search = this.#searchIn(decodePercent(readable));
    const isIpv6 = findIpv6(search);
    findNames(search, isIpv6);
    findEmails(search);
  }

  request({ host, target, port, field }: RequestFields): void {
    const decode = ([start, end]: readonly [number, number]): string =>
      this.#reader.unescape({ text: this.#line.slice(start, end), offsets: undefined, start }).text;
    const { index } = this.#search;
    for (const indicator of findRequest(index, decode(host), decode(target), port)) {
      this.#report(indicator, target[0], target[1], "url", field);
    }
  }

  #searchIn(piece: MappedText): Search<Ref> {
    this.#piece = piece;
    this.#search.text = piece.text;
    return this.#search;
  }

  #report(indicator: HitIndicator<Ref>, start: number, end: number, as: HitClass, field: FieldName): void {
    const match = latin1ToText(this.#line.slice(start, end));
    const name = latin1ToText(typeof field === "string" ? field : field());
    this.#hits.push({ indicator, line: 0, column: start + 1, field: name, time: null, class: as, match });
  }
}
