import { parseTime } from "@detente/intel/time";
import { decodeHexEscapes, type MappedText } from "../mapped-text.ts";
import { FREE_TEXT, type LineReader, type LineVisitor } from "./reader.ts";

/**
 * Zeek's tab-separated logs (Zeek documentation, "Log Formats and Inspection"): `#separator`, `#set_separator` and
 * `#fields` lines say how to read what follows, and may come again in the middle of a file that was put together.
 */
export class ZeekTsvReader implements LineReader {
  readonly format = "zeek-tsv";
  #separator = "\t";
  #setSeparator = ",";
  #columns: readonly string[] = [];
  /** What is special about a column: containers are taken apart, numbers cannot hold an indicator. */
  #types: readonly ("numeric" | "container" | undefined)[] = [];
  /** Zeek's own separators never ask for it; a log's header may name any text. */
  #mustSeeAll = false;

  get mustSeeAll(): boolean {
    return this.#mustSeeAll;
  }

  unescape(piece: MappedText): MappedText {
    return decodeHexEscapes(piece);
  }

  read(line: string, visitor: LineVisitor): boolean {
    if (line.startsWith("#")) {
      this.#readHeader(line);
      visitor.piece(0, line.length, FREE_TEXT);
      return true;
    }
    if (this.#columns.length === 0) return false;
    let host: readonly [number, number] | undefined;
    let target: readonly [number, number] | undefined;
    let port: readonly [number, number] | undefined;
    let column = 0;
    for (let start = 0; start <= line.length; column++) {
      const end = endOf(line, start, line.length, this.#separator);
      const name = this.#columns[column] ?? FREE_TEXT;
      if (name === "host") host = [start, end];
      else if (name === "uri") target = [start, end];
      else if (name === "id.resp_p") port = [start, end];
      const type = this.#types[column];
      if (type === undefined) visitor.piece(start, end, name);
      else if (type === "container" && visitor.wants(start, end)) this.#visitElements(line, start, end, name, visitor);
      start = end + this.#separator.length;
    }
    if (host !== undefined && target !== undefined && visitor.wants(...host)) {
      visitor.request({ host, target, port: port && Number(line.slice(...port)), field: "uri" });
    }
    return column === this.#columns.length;
  }

  #visitElements(line: string, start: number, end: number, name: string, visitor: LineVisitor): void {
    for (let from = start; from <= end;) {
      const to = endOf(line, from, end, this.#setSeparator);
      visitor.piece(from, to, name);
      from = to + this.#setSeparator.length;
    }
  }

  time(line: string): number | null {
    const column = this.#columns.indexOf("ts");
    if (column < 0 || line.startsWith("#")) return null;
    const text = column === 0 ? line.slice(0, line.indexOf(this.#separator)) : line.split(this.#separator)[column];
    return parseTime(text ?? "") ?? null;
  }

  #readHeader(line: string): void {
    const separator = /^#separator (.+)$/.exec(line)?.[1];
    if (separator !== undefined) this.#separator = unescapeHex(separator);
    const [key, ...values] = line.split(this.#separator);
    if (key === "#set_separator") this.#setSeparator = unescapeHex(values[0] ?? ",") || ",";
    else if (key === "#fields") {
      this.#columns = values;
      this.#types = [];
    } else if (key === "#types") {
      this.#types = values.map((type) =>
        NUMERIC.test(type) ? "numeric" : CONTAINER.test(type) ? "container" : undefined,
      );
    }
    this.#mustSeeAll = !SEPARATES.test(this.#separator) || !SEPARATES.test(this.#setSeparator);
  }
}

function unescapeHex(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function endOf(line: string, from: number, end: number, separator: string): number {
  const at = line.indexOf(separator, from);
  return at < 0 || at > end ? end : at;
}

/** Characters that stand in no indicator and in no disguise of one. */
const SEPARATES = /^[\u0000-\u0020",;|]+$/;
const NUMERIC = /^(?:(?:vector|set|table)\[)?(?:time|interval|count|int|double|port|bool)\b/;
const CONTAINER = /^(?:vector|set|table)\[/;
