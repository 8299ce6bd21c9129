const NEWLINE = 0x0a;
const HASH = 0x23;
/** Longer ones are no header. */
const MAX_LINE = 64 * 1024;
const KEY = /^#(separator|set_separator|empty_field|unset_field|path|open|fields|types)\b/;

/** The first line of a log, where it is no longer than a header is. */
class FirstLine {
  #bytes: Uint8Array = new Uint8Array(0);
  #isComplete = false;

  push(bytes: Uint8Array): void {
    if (this.#isComplete) return;
    const newline = bytes.indexOf(NEWLINE);
    const end = newline < 0 ? bytes.length : newline + 1;
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, end)]);
    if (this.#bytes.length > MAX_LINE) this.#bytes = new Uint8Array(0);
    else if (newline < 0) return;
    this.#isComplete = true;
  }

  text(): string {
    return this.#isComplete ? Buffer.from(this.#bytes).toString("latin1") : "";
  }
}

/**
 * Keeps the header lines of a Zeek TSV log (Zeek manual, "Log Formats") that are in force at its current place, so
 * that somebody can begin to read there: logs of a day are often one behind the other in a file. And the first line,
 * which is the header of a CSV.
 */
export class HeaderLines {
  readonly first: FirstLine = new FirstLine();
  readonly #lines = new Map<string, string>();
  /** The header line that has begun; undefined outside of one. */
  #open: Uint8Array | undefined;
  #isAtStart = true;
  /** Only a log that begins with a header has any. */
  #isOff = false;

  /** @param header what `text` gave at the place where the bytes begin, which is the beginning of a line */
  constructor(header: string, isBeginning: boolean) {
    this.#isOff = !isBeginning && header === "";
    for (const line of header.split("\n").filter((text) => text !== "")) this.#keep(`${line}\n`);
  }

  push(bytes: Uint8Array): void {
    this.first.push(bytes);
    if (bytes.length > 0 && this.#lines.size === 0 && this.#open === undefined && bytes[0] !== HASH) this.#isOff = true;
    for (let at = 0; !this.#isOff && at < bytes.length;) {
      if (this.#open === undefined && this.#isAtStart && bytes[at] === HASH) this.#open = new Uint8Array(0);
      if (this.#open === undefined) {
        const next = bytes.indexOf(NEWLINE, at);
        this.#isAtStart = next >= 0;
        at = next < 0 ? bytes.length : next + 1;
      } else at = this.#goOn(this.#open, bytes, at);
    }
  }

  /** The header lines in force, with their line ends; one character a byte. */
  text(): string {
    return [...this.#lines.values()].join("");
  }

  #goOn(open: Uint8Array, bytes: Uint8Array, at: number): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = Buffer.concat([open, bytes.subarray(at, end)]);
    this.#open = newline < 0 && line.length <= MAX_LINE ? line : undefined;
    this.#isAtStart = newline >= 0;
    if (newline >= 0 && line.length <= MAX_LINE) this.#keep(line.toString("latin1"));
    return end;
  }

  #keep(line: string): void {
    const key = KEY.exec(line)?.[1];
    if (key === undefined) return;
    if (key === "separator") this.#lines.clear();
    this.#lines.set(key, line);
  }
}
