import { type Bytes, concatBytes } from "@detente/basics";

const LINE_FEED = 0x0a;

/** A line without its line feed; `undefined` for one that is longer than the limit, which is not held. */
export type Line = Bytes | undefined;

/** Cuts a file into lines at line feeds, however its bytes come. A line may be a view of a chunk: it is to be read at once. */
export class LineCutter {
  readonly #limit: number;
  #held: Bytes[] = [];
  #length = 0;

  /** @param limit bytes of one line */
  constructor(limit: number) {
    this.#limit = limit;
  }

  *push(chunk: Bytes): Generator<Line> {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      yield this.#take(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The last line, where the file does not end in a line feed. */
  *end(): Generator<Line> {
    if (this.#length > 0) yield this.#take(new Uint8Array(0));
  }

  #take(rest: Bytes): Line {
    if (this.#length === 0) return rest.length > this.#limit ? undefined : rest;
    this.#hold(rest);
    const line = this.#length > this.#limit ? undefined : concatBytes(...this.#held);
    this.#held = [];
    this.#length = 0;
    return line;
  }

  #hold(part: Bytes): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#held = [];
    else this.#held.push(part.slice());
  }
}
