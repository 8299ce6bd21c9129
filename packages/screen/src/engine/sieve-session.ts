import type { ByteSession } from "../byte-session.ts";
import type { Hit } from "../hit.ts";
import { bytesToLatin1 } from "../latin1.ts";
import { type LinePart, LineSplitter, MAX_LINE } from "../lines.ts";
import type { ScreenOptions } from "../screener.ts";
import { Session } from "../session.ts";
import type { Tally } from "../tally.ts";
import type { ImageIndex } from "./image-index.ts";
import type { Scan, Sieve } from "./sieve.ts";

const NOTHING = new Uint8Array();

/** One run over one log that comes in chunks: the first lines are walked, of the others those that the sieve keeps. */
export class SieveSession<Ref> implements ByteSession<Ref> {
  readonly #sieve: Sieve;
  readonly #session: Session<Ref>;
  readonly #tally: Tally<Ref>;
  /** The part of the text that is filled: whole lines are scanned as soon as they are there. */
  #filled = 0;
  /** The line that begins there, from 1. */
  #line = 1;
  /** Cuts what is not scanned by the block: the head, a long line, or all that a reader must see. */
  #splitter: LineSplitter | undefined = new LineSplitter(1);

  constructor(index: ImageIndex<Ref>, sieve: Sieve, options: ScreenOptions, tally: Tally<Ref>) {
    this.#sieve = sieve;
    this.#session = new Session(index, options, tally);
    this.#tally = tally;
  }

  *push(chunk: Uint8Array): Generator<Hit<Ref>, undefined> {
    for (let rest = chunk; rest.length > 0;) {
      rest = yield* this.#splitter === undefined ? this.#fill(rest) : this.#split(rest, this.#splitter);
    }
    return undefined;
  }

  *end(): Generator<Hit<Ref>, undefined> {
    while (this.#splitter === undefined && this.#filled > 0) yield* this.#scan(this.#filled);
    if (this.#splitter !== undefined) for (const part of this.#splitter.end()) yield* this.#take(part);
    yield* this.#session.end();
    return undefined;
  }

  /** Takes lines one by one until the sieve can go on. @returns what is left of the chunk then */
  *#split(chunk: Uint8Array, splitter: LineSplitter): Generator<Hit<Ref>, Uint8Array> {
    for (const part of splitter.push(chunk)) {
      yield* this.#take(part);
      if (!part.isLast || !this.#session.canScan) continue;
      this.#splitter = undefined;
      this.#line = part.line + 1;
      return chunk.subarray(splitter.position);
    }
    return NOTHING;
  }

  /** A long line's windows are scanned too; what else comes here is walked. */
  #take(part: LinePart): readonly Hit<Ref>[] {
    const isScanned = part.isWindow && this.#session.canScan;
    return isScanned ? takeWindow(this.#session, this.#sieve, part) : this.#session.take(part);
  }

  /** Adds what fits to the text and scans its whole lines. @returns what did not fit */
  *#fill(chunk: Uint8Array): Generator<Hit<Ref>, Uint8Array> {
    const { text } = this.#sieve;
    const added = chunk.subarray(0, text.length - this.#filled);
    text.set(added, this.#filled);
    const newline = added.lastIndexOf(0x0a);
    const end = newline < 0 ? 0 : this.#filled + newline + 1;
    this.#filled += added.length;
    yield* this.#scan(end);
    if (this.#filled > MAX_LINE) yield* this.#splitFrom(0, this.#line);
    return chunk.subarray(added.length);
  }

  /** Scans the text up to an offset, walks what is kept, and drops all of it. */
  *#scan(end: number): Generator<Hit<Ref>, undefined> {
    if (end === 0) return undefined;
    this.#noteTimes(end);
    const { text } = this.#sieve;
    for (let from = 0; from < end;) {
      const scan = this.#sieve.scan(from, end, this.#session.mode);
      for (const { start, length, line, marked } of scan.candidates) {
        yield* this.#session.walkKept(bytesToLatin1(text.slice(start, start + length)), this.#line + line, marked);
        if (this.#session.canScan) continue;
        this.#tally.lines += line + 1;
        return yield* this.#splitFrom(Math.min(start + length + 1, this.#filled), this.#line + line + 1);
      }
      this.#count(scan);
      from = scan.end;
      if (scan.isLong) return yield* this.#splitFrom(from, this.#line);
    }
    text.copyWithin(0, end, this.#filled);
    this.#filled -= end;
    return undefined;
  }

  #count({ lines, invalid, firstInvalid }: Scan): void {
    this.#tally.lines += lines;
    if (invalid > 0) this.#tally.flag("invalid-utf8", this.#line + firstInvalid, invalid);
    this.#line += lines;
  }

  /** Empties the text from an offset on into a splitter, and goes on with what that leaves. */
  *#splitFrom(from: number, line: number): Generator<Hit<Ref>, undefined> {
    const rest = this.#sieve.text.slice(from, this.#filled);
    this.#filled = 0;
    this.#splitter = new LineSplitter(line);
    yield* this.push(rest);
    return undefined;
  }

  /** The times of the first and the last of the lines up to an offset stand for all between. */
  #noteTimes(end: number): void {
    const text = this.#sieve.text.subarray(0, end);
    const first = text.indexOf(0x0a);
    this.#session.noteTime(text.slice(0, first < 0 ? end : first));
    const last = text.lastIndexOf(0x0a, end - 2) + 1;
    if (last > 0) this.#session.noteTime(text.slice(last, text[end - 1] === 0x0a ? end - 1 : end));
  }
}

/** Takes a window of a long line: scans it, and walks it if it is kept. */
export function takeWindow<Ref>(session: Session<Ref>, sieve: Sieve, part: LinePart): readonly Hit<Ref>[] {
  session.note(part);
  sieve.text.set(part.bytes);
  return sieve.scan(0, part.bytes.length, session.mode).candidates.length > 0 ? session.walk(part) : [];
}
