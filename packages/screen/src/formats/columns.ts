import type { LineFormat } from "../hit.ts";
import { decodeHexEscapes, type MappedText } from "../mapped-text.ts";
import type { LineReader, LineVisitor } from "./reader.ts";

/** A format whose lines one regular expression takes apart. */
export interface ColumnFormat {
  readonly format: LineFormat;
  /** Its groups cover the line without gaps, so that their lengths give their places. */
  readonly pattern: RegExp;
  /** The field of each group; `undefined` for what only separates. */
  readonly fields: readonly (string | undefined)[];
  readonly time: TimeOf;
}

/** When a line of a log says it happened. @param writtenBy when the log was written at the latest */
type TimeOf = (line: string, writtenBy: number | undefined) => number | null;

/** A part of a line's pattern: separators are `["", pattern]`. */
type Part = readonly [field: string, pattern: string];

/** @param parts from left to right, together the whole line */
export function columnFormat(format: LineFormat, parts: readonly Part[], time: TimeOf): ColumnFormat {
  const pattern = new RegExp(`^${parts.map(([, part]) => part).join("")}$`, "s");
  return { format, pattern, fields: parts.map(([field]) => (field === "" ? undefined : field)), time };
}

type Range = readonly [start: number, end: number];

/** Reads a format by its regular expression. */
export class ColumnReader implements LineReader {
  readonly format: LineFormat;
  readonly #columns: ColumnFormat;
  readonly #writtenBy: number | undefined;

  /** @param writtenBy when the log was written at the latest */
  constructor(columns: ColumnFormat, writtenBy: number | undefined) {
    this.#writtenBy = writtenBy;
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
    let host: Range | undefined;
    for (const [i, field] of this.#columns.fields.entries()) {
      const end = start + (groups[i + 1]?.length ?? 0);
      if (field !== undefined) visitor.piece(start, end, field);
      if (field === "server_name" && end > start) host = [start, end];
      else if (field === "server_port" && end > start && host !== undefined) host = [host[0], end];
      else if (field === "request" && host !== undefined) visitRequest(line, start, end, host, visitor);
      start = end;
    }
    return true;
  }

  time(line: string): number | null {
    return this.#columns.time(line, this.#writtenBy);
  }
}

/** `GET /path HTTP/1.1`, of a virtual host whose name stands in a field of its own. */
function visitRequest(line: string, start: number, end: number, host: Range, visitor: LineVisitor): void {
  const from = line.indexOf(" ", start) + 1;
  const blank = line.indexOf(" ", from);
  const to = blank < 0 ? end : Math.min(blank, end);
  if (from > start && from < to) visitor.request({ host, target: [from, to], port: undefined, field: "request" });
}
