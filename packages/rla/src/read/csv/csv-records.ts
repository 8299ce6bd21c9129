import { utf8Decode } from "@detente/basics";
import type { RowFault } from "../fault.ts";
import { LIMITS } from "../input.ts";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;

/**
 * Goes through the records of some bytes of a CSV file (RFC 4180: quotes doubled inside quotes, line ends inside
 * quotes), cell by cell without making strings. Blank lines are passed over. `="3"`, with which offices keep Excel from
 * changing a cell, is read as `"3"`.
 *
 * A record that breaks these rules has a fault, and reading goes on with the line after its first.
 */
export class CsvRecords {
  /** Of the current record; cell i is `bytes[starts[i]…ends[i])`, without its quotes. */
  bytes: Uint8Array = new Uint8Array(0);
  readonly starts: Int32Array = new Int32Array(LIMITS.columns + 1);
  readonly ends: Int32Array = new Int32Array(LIMITS.columns + 1);
  count = 0;
  /** Of the file, from 1, on which the current record begins. */
  line = 0;
  fault: RowFault | undefined;

  readonly #delimiter: number;
  readonly #escaped = new Set<number>();
  #at = 0;
  #nextLine = 1;
  #isLast = false;
  /** Of the record at hand. */
  #lines = 1;
  #isQuoteOpen = false;
  #hasQuotedHigh = false;
  /** The rest of a faulty line is still to come. */
  #isSkipping = false;

  constructor(delimiter: number = COMMA) {
    this.#delimiter = delimiter;
  }

  /** What is left of the bytes after the last whole record. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.#at);
  }

  /** @param bytes what was left, and more; the last ones of a file end in LF */
  feed(bytes: Uint8Array, isLast: boolean): void {
    this.bytes = bytes;
    this.#at = 0;
    this.#isLast = isLast;
  }

  /** Goes to the next record; false where the bytes hold no further whole one. */
  next(): boolean {
    const { bytes } = this;
    if (this.#isSkipping && !this.#skipRest()) return false;
    for (;;) {
      const first = bytes[this.#at];
      if (first !== LF && !(first === CR && bytes[this.#at + 1] === LF)) break;
      this.#at += first === LF ? 1 : 2;
      this.#nextLine++;
    }
    const start = this.#at;
    if (start >= bytes.length) return false;
    this.fault = undefined;
    if (this.#escaped.size > 0) this.#escaped.clear();
    const next = this.#scan(start);
    if (next >= 0) {
      this.line = this.#nextLine;
      this.#nextLine += this.#lines;
      this.#at = next;
      return true;
    }
    if (this.fault === undefined) {
      const isTooLong = bytes.length - start > LIMITS.record;
      if (!isTooLong && !this.#isLast) return false;
      this.fault = this.#isQuoteOpen
        ? {
            code: "unterminated-quote",
            message: "a quoted cell is not closed; double the quotes inside it and close it",
          }
        : { code: "line-too-long", message: `the record is longer than ${LIMITS.record} bytes; split it` };
    }
    return this.#skipLine(start);
  }

  /** A cell as text, without blanks around it. */
  text(cell: number): string {
    if (cell >= this.count) return "";
    const text = decode(this.bytes, this.starts[cell] as number, this.ends[cell] as number).trim();
    return this.#escaped.has(cell) ? text.replaceAll('""', '"') : text;
  }

  texts(from = 0): string[] {
    return Array.from({ length: Math.max(0, this.count - from) }, (_, i) => this.text(from + i));
  }

  isEmpty(cell: number): boolean {
    return cell >= this.count || this.starts[cell] === this.ends[cell];
  }

  /** The offset after the record's line end, -1 where there is none. */
  #scan(from: number): number {
    const { bytes, starts, ends } = this;
    const delimiter = this.#delimiter;
    const end = Math.min(bytes.length, from + LIMITS.record);
    let at = from;
    let count = 0;
    let start = from;
    let high = 0;
    this.#hasQuotedHigh = false;
    this.#lines = 1;
    this.#isQuoteOpen = false;
    for (;;) {
      const first = bytes[at];
      let isQuoted = false;
      // Where the bytes end, what follows decides: the record is read again with more of them.
      if (first === EQUALS && at + 1 >= end) return -1;
      if (first === QUOTE || (first === EQUALS && bytes[at + 1] === QUOTE)) {
        isQuoted = true;
        start = first === QUOTE ? at + 1 : at + 2;
        const close = this.#closing(start, end, count);
        if (close < 0) return -1;
        ends[count] = close;
        at = close + 1;
        while (bytes[at] === SPACE) at++;
      } else {
        start = at;
        while (at < end) {
          const code = bytes[at] as number;
          high |= code;
          if (code === delimiter || code === LF) break;
          if (code < SPACE && code !== TAB && code !== CR) return this.#refuse("not-text", CONTROL);
          at++;
        }
        ends[count] = at;
      }
      if (at >= end) return -1;
      starts[count] = start;
      let code = bytes[at] as number;
      if (code === CR && at + 1 >= end) return -1;
      if (code === CR && bytes[at + 1] === LF) code = bytes[++at] as number;
      if (code !== delimiter && code !== LF) return this.#refuse("bad-quote", STRAY);
      count++;
      at++;
      if (code === LF) {
        if (!isQuoted && bytes[at - 2] === CR && ends[count - 1] === at - 1) ends[count - 1] = at - 2;
        break;
      }
      if (count > LIMITS.columns) return this.#refuse("too-many", `has more than ${LIMITS.columns} cells`);
    }
    this.count = count;
    const isForeign = high >= 0x80 || this.#hasQuotedHigh;
    if (isForeign && utf8Decode(bytes.subarray(from, at)) === undefined) return this.#refuse("not-utf8", NOT_UTF8);
    return at;
  }

  /** The offset of the quote that closes the cell. */
  #closing(from: number, end: number, cell: number): number {
    const { bytes } = this;
    for (let at = from; at < end; at++) {
      const code = bytes[at] as number;
      if (code === QUOTE) {
        if (at + 1 >= end) return -1;
        if (bytes[at + 1] !== QUOTE) return at;
        this.#escaped.add(cell);
        at++;
      } else if (code === LF) this.#lines++;
      else if (code >= 0x80) this.#hasQuotedHigh = true;
      else if (code < SPACE && code !== TAB && code !== CR) return this.#refuse("not-text", CONTROL);
    }
    this.#isQuoteOpen = true;
    return -1;
  }

  #refuse(code: RowFault["code"], message: string): -1 {
    this.fault = { code, message };
    return -1;
  }

  #skipLine(start: number): boolean {
    this.#at = start;
    this.count = 0;
    this.line = this.#nextLine;
    this.#isSkipping = true;
    this.#skipRest();
    return true;
  }

  #skipRest(): boolean {
    const newline = this.bytes.indexOf(LF, this.#at);
    this.#at = newline < 0 ? this.bytes.length : newline + 1;
    if (newline < 0) return false;
    this.#isSkipping = false;
    this.#nextLine++;
    return true;
  }
}

const CONTROL = "holds a control character; the file is damaged or no text: export it again";
const STRAY = "has text after a closing quote; double the quotes inside the cell";
const NOT_UTF8 = "is not UTF-8; save the file as UTF-8";

/** Text of bytes that are known to be UTF-8. Most cells are short and ASCII, for which a decoder is slow to start. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 32) return utf8Decode(bytes.subarray(start, end)) ?? "";
  const codes: number[] = [];
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number;
    if (code >= 0x80) return utf8Decode(bytes.subarray(start, end)) ?? "";
    codes.push(code);
  }
  return String.fromCharCode(...codes);
}
