const NEWLINE = 0x0a;
const HASH = 0x23;
const MARK: readonly number[] = [0xef, 0xbb, 0xbf];
/** A header line over this is none of Zeek's. */
const MAX_LINE = 64 * 1024;
const KEY = /^#(separator|set_separator|fields|types)\b/;

/**
 * The header lines of Zeek's tab-separated logs that are in force at each of the cuts. A file may have been put together
 * from several, each with a header of its own, so all of it is looked through up to the last cut.
 * @param chunks the file from its beginning
 * @param cuts ascending offsets of line starts
 * @returns a header for each cut; undefined where some header cannot be told to workers: the file must stay in one piece
 */
export async function zeekHeaders(
  chunks: AsyncIterable<Uint8Array>,
  cuts: readonly number[],
): Promise<string[] | undefined> {
  const force = new InForce();
  const headers: string[] = [];
  for await (const { offset, text } of hashLines(chunks)) {
    while (headers.length < cuts.length && (cuts[headers.length] as number) <= offset) headers.push(force.text());
    if (headers.length === cuts.length) return headers;
    if (text === undefined) return undefined;
    force.take(text);
  }
  while (headers.length < cuts.length) headers.push(force.text());
  return headers;
}

/** The header lines that say how to read what follows, each kind once. */
class InForce {
  readonly #lines = new Map<string, string>();

  take(line: string): void {
    const key = KEY.exec(line)?.[1];
    if (key === undefined) return;
    // A new header begins with its separator; fields without types have none.
    if (key === "separator") this.#lines.clear();
    if (key === "fields") this.#lines.delete("types");
    this.#lines.delete(key);
    this.#lines.set(key, line);
  }

  text(): string {
    return [...this.#lines.values(), ""].join("\n");
  }
}

interface HashLine {
  readonly offset: number;
  /** Undefined for what is not ASCII or too long. */
  readonly text: string | undefined;
}

/** The lines that begin with `#`. */
async function* hashLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<HashLine> {
  let pending: Uint8Array[] | undefined;
  let length = 0;
  let offset = 0;
  let base = 0;
  let atLineStart = true;
  for await (const chunk of chunks) {
    // Views of one kind only: the search below is the one that is fast.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = base === 0 && MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : 0;
    while (from < bytes.length) {
      if (pending !== undefined) {
        const newline = bytes.indexOf(NEWLINE, from);
        const end = newline < 0 ? bytes.length : newline;
        // One byte beyond the limit tells that a line is over it; more would only fill memory.
        const taken = Math.min(end - from, MAX_LINE + 1 - length);
        pending.push(Uint8Array.from(bytes.subarray(from, from + taken)));
        length += taken;
        if (newline < 0) break;
        yield { offset, text: textOf(pending) };
        pending = undefined;
        atLineStart = true;
        from = newline + 1;
      } else if (atLineStart && bytes[from] === HASH) {
        pending = [];
        length = 0;
        offset = base + from;
      } else {
        const before = bytes.indexOf("\n#", from, "latin1");
        atLineStart = before >= 0 || bytes.at(-1) === NEWLINE;
        from = before < 0 ? bytes.length : before + 1;
      }
    }
    base += bytes.length;
  }
  if (pending !== undefined) yield { offset, text: textOf(pending) };
}

function textOf(parts: readonly Uint8Array[]): string | undefined {
  const text = Buffer.concat(parts).toString("latin1").replace(/\r$/, "");
  return text.length > MAX_LINE || /[^\u0000-\u007f]/.test(text) ? undefined : text;
}
