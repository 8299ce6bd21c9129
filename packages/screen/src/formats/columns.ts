import { parseTime } from "@detente/intel";
import type { LogFormat } from "../hit.ts";
import { decodeHexEscapes, type MappedText } from "../mapped-text.ts";
import { parseNamedMonthTime } from "./clock.ts";
import { FREE_TEXT, type LineReader, type LineVisitor } from "./reader.ts";

/** A format whose lines one regular expression takes apart. */
interface ColumnFormat {
  readonly format: LogFormat;
  /** Its groups cover the line without gaps, so that their lengths give their places. */
  readonly pattern: RegExp;
  /** The field of each group; `undefined` for what only separates. */
  readonly fields: readonly (string | undefined)[];
  readonly time: (line: string) => number | null;
}

/** A part of a line's pattern: separators are `["", pattern]`. */
type Part = readonly [field: string, pattern: string];

function columnFormat(format: LogFormat, parts: readonly Part[], time: (line: string) => number | null): ColumnFormat {
  const pattern = new RegExp(`^${parts.map(([, part]) => part).join("")}$`, "s");
  return { format, pattern, fields: parts.map(([field]) => (field === "" ? undefined : field)), time };
}

/** A column of digits ends where its token ends: what follows is free text of its own, and never half a name. */
const TOKEN_END = String.raw`(?![\w.\-\u0080-\u00ff])`;
const QUOTED = String.raw`[^"\\]*(?:\\.[^"\\]*)*`;

/** nginx "combined", Apache "common", "combined" and "vhost_combined". */
export const ACCESS_LOG: ColumnFormat = columnFormat(
  "access-log",
  [
    ["server_name", String.raw`(?:([^\s"[]+:[0-9]+)`],
    ["", "( ))?"],
    ["remote_addr", String.raw`([^\s"[]+)`],
    ["", "( )"],
    ["ident", String.raw`(\S+)`],
    ["", "( )"],
    ["remote_user", String.raw`(\S+|"[^"]*")`],
    ["", String.raw`( \[[^\]]{10,40}\] ")`],
    ["request", `(${QUOTED})`],
    ["", `(" (?:[0-9]{3}|-) (?:[0-9]+|-)${TOKEN_END})`],
    ["", '(?:( ")'],
    ["referer", `(${QUOTED})`],
    ["", '(" ")'],
    ["user_agent", `(${QUOTED})`],
    ["", '("))?'],
    [FREE_TEXT, "(.*)"],
  ],
  parseNamedMonthTime,
);

/** Squid's native access.log (Squid wiki, "Log Files"). */
export const SQUID: ColumnFormat = columnFormat(
  "squid",
  [
    ["", String.raw`([0-9]{9,10}\.[0-9]{3} +-?[0-9]+ )`],
    ["client", String.raw`(\S+)`],
    ["", "( [A-Z_]+/[0-9]{3} [0-9]+ )"],
    ["method", String.raw`(\S+)`],
    ["", "( )"],
    ["url", String.raw`(\S+)`],
    ["", "( )"],
    ["user", String.raw`(\S+)`],
    ["", "( [A-Z_]+/)"],
    ["peer", String.raw`(\S+)`],
    [FREE_TEXT, "(.*)"],
  ],
  (line) => parseTime(line.slice(0, line.indexOf(" "))) ?? null,
);

/** BIND's query log (BIND 9 ARM, category "queries"), whatever stands before it. */
export const BIND: ColumnFormat = columnFormat(
  "bind",
  [
    [FREE_TEXT, "(.*?)"],
    ["", String.raw`((?<![\w.\-\u0080-\u00ff])client (?:@0x[0-9a-f]+ )?)`],
    ["client", "([0-9A-Fa-f.:%]+)"],
    ["", `(#[0-9]+${TOKEN_END})`],
    [FREE_TEXT, "(.*?)"],
    ["", "((?<!:): query: )"],
    ["query", String.raw`(\S+)`],
    [FREE_TEXT, "( .*)"],
  ],
  parseNamedMonthTime,
);

/** Reads a format by its regular expression. */
export class ColumnReader implements LineReader {
  readonly format: LogFormat;
  readonly #columns: ColumnFormat;

  constructor(columns: ColumnFormat) {
    this.format = columns.format;
    this.#columns = columns;
  }

  unescape(piece: MappedText): MappedText {
    return decodeHexEscapes(piece);
  }

  read(line: string, visitor: LineVisitor): boolean {
    const groups = this.#columns.pattern.exec(line);
    if (groups === null) return false;
    let start = 0;
    for (const [i, field] of this.#columns.fields.entries()) {
      const end = start + (groups[i + 1]?.length ?? 0);
      if (field !== undefined) visitor.piece(start, end, field);
      start = end;
    }
    return true;
  }

  time(line: string): number | null {
    return this.#columns.time(line);
  }
}

/** Any text: one piece a line. */
export class TextReader implements LineReader {
  readonly format: "syslog" | "text";

  constructor(format: "syslog" | "text") {
    this.format = format;
  }

  unescape(piece: MappedText): MappedText {
    return decodeHexEscapes(piece);
  }

  read(line: string, visitor: LineVisitor): boolean {
    visitor.piece(0, line.length, FREE_TEXT);
    return true;
  }

  /** RFC 5424 and others begin with a full date, after the priority; RFC 3164 has no year, so no time. */
  time(line: string): number | null {
    const start =
      /^(?:<[0-9]{1,3}>(?:[0-9] )?)?\[?([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{5,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)/i;
    const text = start.exec(line)?.[1];
    return text === undefined ? null : (parseTime(text) ?? null);
  }
}
