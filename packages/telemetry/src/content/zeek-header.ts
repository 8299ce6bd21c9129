const NEWLINE = 0x0a;
const HASH = 0x23;
/** A byte order mark in UTF-8. */
const MARK: readonly number[] = [0xef, 0xbb, 0xbf];
/** A longer line is none of a header. */
const MAX_LINE = 64 * 1024;
const KEY = /^#(separator|set_separator|fields|types)\b/;
const OTHER_THAN_ASCII = /[^\u0000-\u007f]/;

/** Where headers may begin: in any line, only if the first line is one of a header, or nowhere. */
type Begins = "anywhere" | "first" | "nowhere";

/**
 * Keeps the header lines of a Zeek TSV log (Zeek manual, "Log Formats") that are in force at its current place, so that
 * somebody can begin to read there. A file may have been put together from several, each with a header of its own.
 */
export class ZeekHeader {
  readonly #lines = new Map<string, string>();
  /** What there is of a line that begins with `#`; undefined outside of one. One byte over the limit tells that it is. */
  #open: Uint8Array | undefined;
  #isAtStart = true;
  /** How much of a byte order mark the log began with; undefined behind its beginning. */
  #mark: number | undefined;
  #begins: Begins;
  #isPlain = true;

  /** @param header what `text` gave at the place where the bytes begin, which is the beginning of a line; none: the log's */
  constructor(header: string | undefined, begins: Begins) {
    this.#mark = header === undefined ? 0 : undefined;
    this.#begins = begins;
    for (const line of (header ?? "").split("\n")) this.#keep(line);
  }

  /** Whether all lines that began with `#` are short enough to be known, and ASCII. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  push(chunk: Uint8Array): void {
    // Views of one kind only: its search for text is the one that is fast.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let at = this.#mark === undefined ? 0 : this.#begin(bytes, this.#mark); at < bytes.length;) {
      if (this.#begins === "nowhere") return;
      if (this.#open !== undefined) at = this.#goOn(this.#open, bytes, at);
      else if (this.#isAtStart && bytes[at] === HASH) this.#open = new Uint8Array(0);
      else {
        const before = bytes.indexOf("\n#", at, "latin1");
        this.#isAtStart = before >= 0 || bytes.at(-1) === NEWLINE;
        at = before < 0 ? bytes.length : before + 1;
      }
    }
  }

  /** The header lines in force, with line feeds; one character a byte. */
  text(): string {
    return [...this.#lines.values()].map((line) => `${line}\n`).join("");
  }

  /** Passes over a byte order mark and looks at what the log begins with. @returns where to go on */
  #begin(bytes: Uint8Array, seen: number): number {
    let at = 0;
    while (at < bytes.length && seen + at < MARK.length && bytes[at] === MARK[seen + at]) at++;
    this.#mark = seen + at;
    if (at === bytes.length) return at;
    this.#isAtStart = this.#mark === 0 || this.#mark === MARK.length;
    if (this.#begins === "first" && !(this.#isAtStart && bytes[at] === HASH)) this.#begins = "nowhere";
    this.#mark = undefined;
    return at;
  }

  #goOn(open: Uint8Array, bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = Buffer.concat([open, bytes.subarray(at, Math.min(end, at + MAX_LINE + 1 - open.length))]);
    this.#open = newline < 0 ? line : undefined;
    this.#isAtStart = newline >= 0;
    if (line.length > MAX_LINE) this.#isPlain = false;
    else if (newline >= 0) this.#keep(line.toString("latin1").replace(/\r$/, ""));
    return newline < 0 ? end : end + 1;
  }

  #keep(line: string): void {
    if (OTHER_THAN_ASCII.test(line)) this.#isPlain = false;
    const key = KEY.exec(line)?.[1];
    if (key === undefined) return;
    // A new header begins with its separator; fields without types have none.
    if (key === "separator") this.#lines.clear();
    if (key === "fields") this.#lines.delete("types");
    this.#lines.delete(key);
    this.#lines.set(key, line);
  }
}
