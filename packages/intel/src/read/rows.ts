import { MAX_LINE } from "./report.ts";

/** One record of a delimited file; quoted cells may span lines, so `line` is its first. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault?: "unterminated-quote" | "line-too-long";
}

/** The lines of a text without their ends, from `from`, with the offset at which each begins. */
export function* lines(text: string, from = 0): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = from; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    yield { start, end: end > start && text[end - 1] === "\r" ? end - 1 : end };
    start = end + 1;
  }
}

/**
 * Reads delimited text as RFC 4180 has it (quotes doubled inside quotes, line ends inside quotes), lenient in what
 * feeds really do: blanks around a quoted cell, a quote inside an unquoted one. Blank lines and lines that begin
 * with `#` are passed over. A record over the limit, or a quote that never closes, is a fault of its first line and
 * reading goes on with the next line.
 */
export function* rows(text: string, delimiter: string): Generator<Row> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const first = text.slice(at, Math.min(end, at + MAX_LINE + 1)).trimStart();
    if (first === "" || first.startsWith("#")) {
      at = end + 1;
      line++;
      continue;
    }
    const record = end - at > MAX_LINE ? "line-too-long" : readRecord(text, at, delimiter);
    if (typeof record === "string") {
      yield { line, cells: [text.slice(at, Math.min(end, at + 200))], fault: record };
      at = end + 1;
      line++;
      continue;
    }
    yield { line, cells: record.cells };
    line += record.lines;
    at = record.next;
  }
}

interface RawRecord {
  readonly cells: string[];
  readonly next: number;
  readonly lines: number;
}

function readRecord(text: string, from: number, delimiter: string): RawRecord | "unterminated-quote" | "line-too-long" {
  const cells: string[] = [];
  let at = from;
  let spanned = 1;
  for (;;) {
    while (text[at] === " ") at++;
    let cell = "";
    if (text[at] === '"') {
      const quoted = readQuoted(text, at, from + MAX_LINE);
      if (quoted === undefined) return "unterminated-quote";
      cell = quoted.value;
      for (const character of cell) if (character === "\n") spanned++;
      at = quoted.next;
    }
    const end = endOfCell(text, at, delimiter);
    if (end - from > MAX_LINE) return "line-too-long";
    cells.push((cell + text.slice(at, end)).trim());
    if (text[end] === delimiter) {
      at = end + 1;
      continue;
    }
    return { cells, next: end + 1, lines: spanned };
  }
}

function readQuoted(text: string, open: number, limit: number): { value: string; next: number } | undefined {
  let value = "";
  for (let at = open + 1; ;) {
    const close = text.indexOf('"', at);
    if (close < 0 || close > limit) return undefined;
    value += text.slice(at, close);
    if (text[close + 1] !== '"') return { value, next: close + 1 };
    value += '"';
    at = close + 2;
  }
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at++;
  return at;
}
