import { parseTime } from "@detente/intel/time";
import { decodeHexEscapes, type MappedText } from "../mapped-text.ts";
import { FREE_TEXT, type LineReader, type LineVisitor } from "./reader.ts";

const DELIMITERS = ["\t", ";", "|", ","] as const;
/** A heading's cell: a name as exports have them, which neither data nor prose has in every cell of a line. */
const NAME = /^[A-Za-z_@#\u0080-\u00ff][\w .:/()[\]@#%\u0080-\u00ff-]{0,63}$/;
/** What columns with a time are called in the exports of SIEMs, firewalls and cloud services, written in any way. */
const TIME_NAMES: ReadonlySet<string> = new Set([
  "timestamp",
  "time",
  "ts",
  "datetime",
  "date",
  "dateandtime",
  "eventtime",
  "eventtimestamp",
  "logtime",
  "starttime",
  "receivetime",
  "generatetime",
  "timegenerated",
  "timecreated",
  "creationtime",
  "creationdate",
]);
/** A quoted cell of more lines was never meant to be one. */
const MAX_CELL_LINES = 1000;

/** Where a line stood when it began, or stands now that it has ended. */
interface Place {
  readonly column: number;
  /** Inside a quoted cell, whose next line continues it. */
  readonly isQuoted: boolean;
}

const BEGIN: Place = { column: 0, isQuoted: false };

/**
 * Whether the lines are comma-separated values with a header line (RFC 4180), whatever their delimiter: names in every
 * cell of the first line, and as many cells in most records.
 */
export function isCsv(lines: readonly string[]): boolean {
  const [header = "", ...rest] = lines;
  const delimiter = delimiterOf(header);
  const names = namesOf(header, delimiter);
  if (names.length < 2 || !names.every((name) => NAME.test(name) && !name.endsWith(" "))) return false;
  let place = BEGIN;
  let records = 0;
  let good = 0;
  for (const line of rest) {
    place = walk(line, delimiter, place, () => undefined);
    if (place.isQuoted || line === "") continue;
    records++;
    if (place.column === names.length - 1) good++;
    place = BEGIN;
  }
  return 2 * good > records;
}

/**
 * Comma-separated values (RFC 4180), read line by line: a quoted cell that spans lines is followed through them, so
 * every line has to be read, in order. Fields are named by the first line.
 */
export class CsvReader implements LineReader {
  readonly format = "csv";
  /** A quoted cell may have begun lines before. */
  readonly mustSeeAll = true;
  #names: readonly string[] | undefined;
  /** Of each column, whether it holds a time. */
  #isTime: readonly boolean[] = [];
  #delimiter: string = ",";
  #place = BEGIN;
  #cellLines = 0;
  #time: number | null = null;

  unescape(piece: MappedText): MappedText {
    return decodeHexEscapes(piece);
  }

  read(line: string, visitor: LineVisitor): boolean {
    const names = this.#names;
    if (names === undefined) {
      this.#delimiter = delimiterOf(line);
      this.#names = namesOf(line, this.#delimiter);
      this.#isTime = this.#names.map(isTime);
      visitor.piece(0, line.length, FREE_TEXT);
      return true;
    }
    if (!this.#place.isQuoted) this.#time = null;
    this.#place = walk(line, this.#delimiter, this.#place, (start, end, column, isPart) => {
      const name = names[column] ?? FREE_TEXT;
      visitor.piece(start, end, name, isPart);
      if (!isPart && this.#isTime[column] === true) this.#time ??= cellTime(line.slice(start, end));
    });
    if (this.#place.isQuoted && ++this.#cellLines < MAX_CELL_LINES) return true;
    const { column, isQuoted } = this.#place;
    this.#place = BEGIN;
    this.#cellLines = 0;
    return !isQuoted && (line === "" || column === names.length - 1);
  }

  /** That of the record to which the line belongs that was read last. */
  time(): number | null {
    return this.#time;
  }
}

type Cell = (start: number, end: number, column: number, isPart: boolean) => void;

/** Visits the cells of a line, without their quotes; a part is what one line has of a cell that spans lines. */
function walk(line: string, delimiter: string, { column: first, isQuoted }: Place, visit: Cell): Place {
  let column = first;
  let at = 0;
  let isOpen = isQuoted;
  for (let isContinued = isQuoted; ; isContinued = false) {
    if (isOpen || line[at] === '"') {
      const start = isOpen ? at : at + 1;
      const end = closingQuote(line, start);
      visit(start, end < 0 ? line.length : end, column, isContinued || end < 0);
      if (end < 0) return { column, isQuoted: true };
      isOpen = false;
      at = end + 1;
    }
    const next = line.indexOf(delimiter, at);
    visit(at, next < 0 ? line.length : next, column, false);
    if (next < 0) return { column, isQuoted: false };
    at = next + delimiter.length;
    column++;
  }
}

/** `Receive Time`, `event_time`, `@timestamp`, `TimeGenerated [UTC]`. */
function isTime(name: string): boolean {
  return TIME_NAMES.has(
    name
      .replace(/[^A-Za-z]/g, "")
      .toLowerCase()
      .replace(/utc$/, ""),
  );
}

/** Firewalls write `2026/05/01 12:00:00`. */
function cellTime(text: string): number | null {
  return parseTime(text.replaceAll("/", "-")) ?? null;
}

function closingQuote(line: string, from: number): number {
  for (let quote = line.indexOf('"', from); quote >= 0; quote = line.indexOf('"', quote + 2)) {
    if (line[quote + 1] !== '"') return quote;
  }
  return -1;
}

function delimiterOf(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function namesOf(header: string, delimiter: string): readonly string[] {
  const names: string[] = [];
  walk(header, delimiter, BEGIN, (start, end, column) => {
    if (end > start) names[column] ??= header.slice(start, end);
  });
  return Array.from(names, (name) => name ?? "");
}
