/** A line over this is handed out in windows, so that memory stays bounded whatever a log holds. */
export const MAX_LINE: number = 1024 * 1024;
/** Windows share this much, more than any indicator's spelling in a log needs. */
export const OVERLAP: number = 64 * 1024;

/**
 * Where in a line the sieve has marked something, as offsets of the first and the last mark. A piece of the line without
 * a mark holds no hit: what the sieve says of lines holds for pieces as well, since no token reaches out of one.
 */
export interface Marked {
  readonly first: number;
  readonly last: number;
}

/** Where a part of a log stands: a line, or a window of one that is over the limit. */
export interface LinePlace {
  /** From 1. */
  readonly line: number;
  /** Offset of the bytes in their line. */
  readonly offset: number;
  /** Whether this is not the whole line; a hit belongs to the window in whose own part it begins. */
  readonly isWindow: boolean;
  /** Whether the line ends here. */
  readonly isLast: boolean;
  /** Where in the bytes the window's own part begins and ends. */
  readonly ownStart: number;
  readonly ownEnd: number;
  /** Absent where no sieve has looked at the part. */
  readonly marked?: Marked;
}

/** A line without its end, or a window of one. */
export interface LinePart extends LinePlace {
  readonly bytes: Uint8Array;
}

/** Cuts a stream of bytes into lines, the same lines however it is chunked. Lines end with LF or CR LF. */
export class LineSplitter {
  /** What of the current line was read and not yet handed out. */
  #pending: Uint8Array = new Uint8Array(4096);
  #pendingLength = 0;
  #line: number;
  /** How much of the chunk the lines took that were handed out. */
  position = 0;
  /** Offset of the pending bytes in their line. */
  #offset = 0;

  /** @param line the number of the first line */
  constructor(line = 1) {
    this.#line = line;
  }

  *push(chunk: Uint8Array): Generator<LinePart> {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(0x0a, from);
      const end = newline < 0 ? chunk.length : newline;
      this.position = end + 1;
      const isWhole = newline >= 0 && this.#pendingLength === 0 && this.#offset === 0 && end - from <= MAX_LINE;
      if (isWhole) yield this.#part(withoutReturn(chunk.subarray(from, end)));
      else {
        yield* this.#gather(chunk.subarray(from, end));
        if (newline >= 0) yield* this.#flush();
      }
      if (newline >= 0) this.#line++;
      from = end + 1;
    }
  }

  /** The last line, if it has no end. */
  *end(): Generator<LinePart> {
    if (this.#pendingLength > 0 || this.#offset > 0) yield* this.#flush();
  }

  *#gather(bytes: Uint8Array): Generator<LinePart> {
    for (let from = 0; from < bytes.length;) {
      // One byte more than the limit must be seen before a line is known to be over it.
      const taken = Math.min(bytes.length - from, MAX_LINE + 1 - this.#pendingLength);
      this.#append(bytes.subarray(from, from + taken));
      from += taken;
      if (this.#pendingLength <= MAX_LINE) continue;
      const window = this.#pending.slice(0, MAX_LINE);
      yield this.#window(window, MAX_LINE - OVERLAP / 2, false);
      const kept = this.#pending.slice(MAX_LINE - OVERLAP, this.#pendingLength);
      this.#pending.set(kept);
      this.#pendingLength = kept.length;
      this.#offset += MAX_LINE - OVERLAP;
    }
  }

  *#flush(): Generator<LinePart> {
    const bytes = withoutReturn(this.#pending.slice(0, this.#pendingLength));
    yield this.#offset === 0 ? this.#part(bytes) : this.#window(bytes, bytes.length, true);
    this.#pendingLength = 0;
    this.#offset = 0;
  }

  #append(bytes: Uint8Array): void {
    const length = this.#pendingLength + bytes.length;
    if (length > this.#pending.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#pending.length));
      larger.set(this.#pending.subarray(0, this.#pendingLength));
      this.#pending = larger;
    }
    this.#pending.set(bytes, this.#pendingLength);
    this.#pendingLength = length;
  }

  #part(bytes: Uint8Array): LinePart {
    return { bytes, line: this.#line, offset: 0, isWindow: false, isLast: true, ownStart: 0, ownEnd: bytes.length };
  }

  #window(bytes: Uint8Array, ownEnd: number, isLast: boolean): LinePart {
    const ownStart = this.#offset === 0 ? 0 : OVERLAP / 2;
    return { bytes, line: this.#line, offset: this.#offset, isWindow: true, isLast, ownStart, ownEnd };
  }
}

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === 0x0d ? bytes.subarray(0, -1) : bytes;
}
