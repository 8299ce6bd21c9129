import { decodeHexEscapes, decodeSyslogEscapes, type MappedText } from "../mapped-text.ts";
import { parseLeadingTime } from "./clock.ts";
import { FREE_TEXT, type LineReader, type LineVisitor } from "./reader.ts";

/** Any text: one piece a line. */
export class TextReader implements LineReader {
  readonly format: "syslog" | "text";

  readonly #writtenBy: number | undefined;

  /** @param writtenBy when the log was written at the latest */
  constructor(format: "syslog" | "text", writtenBy: number | undefined) {
    this.format = format;
    this.#writtenBy = writtenBy;
  }

  unescape(piece: MappedText): MappedText {
    const text = decodeHexEscapes(piece);
    return this.format === "syslog" ? decodeSyslogEscapes(text) : text;
  }

  read(line: string, visitor: LineVisitor): boolean {
    visitor.piece(0, line.length, FREE_TEXT);
    return true;
  }

  time(line: string): number | null {
    return parseLeadingTime(line, this.#writtenBy);
  }
}
