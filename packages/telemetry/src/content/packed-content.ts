import type { InputFault } from "../faults.ts";
import type { Content, Rest } from "./content.ts";
import { cutOf, LONGEST_OPEN } from "./open-line.ts";
import { Tracker } from "./tracker.ts";

const NEWLINE = 0x0a;
const NOTHING: Uint8Array = new Uint8Array(0);

/** The lines of a log that is read as it is unpacked. */
export class PackedContent implements Content {
  readonly tracker: Tracker = new Tracker();
  readonly writtenBy: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #fault: () => InputFault | undefined;
  /** Whole lines that were not handed out yet. */
  #lines: Uint8Array = NOTHING;
  /** What follows them. */
  #held: Uint8Array = NOTHING;

  constructor(chunks: AsyncIterable<Uint8Array>, writtenBy: number, fault: () => InputFault | undefined) {
    this.writtenBy = writtenBy;
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#fault = fault;
  }

  /** Goes to a place that was the end of a segment; false where the content does not reach so far. */
  async skipTo(offset: number): Promise<boolean> {
    while (this.tracker.offset < offset) {
      if (!(await this.#fill())) return this.#skipHeld(offset);
      const skipped = Math.min(this.#lines.length, offset - this.tracker.offset);
      this.tracker.push(this.#lines.subarray(0, skipped));
      this.#lines = this.#lines.subarray(skipped);
    }
    return true;
  }

  async segment(bound: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.#fill()) ? this.#take(bound) : undefined;
  }

  async rest(): Promise<Rest | undefined> {
    const held = this.#held;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield held;
    }
    return held.length === 0 ? undefined : { length: held.length, bytes: bytes() };
  }

  fault(): InputFault | undefined {
    return this.#fault();
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async *#take(bound: number): AsyncGenerator<Uint8Array> {
    for (let taken = 0; taken < bound && (await this.#fill());) {
      const lines = this.#lines;
      this.#lines = NOTHING;
      this.tracker.push(lines);
      taken += lines.length;
      yield lines;
    }
  }

  /** Whether there are whole lines, after reading on where there are none. */
  async #fill(): Promise<boolean> {
    while (this.#lines.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      const end = next.value.lastIndexOf(NEWLINE) + 1;
      const held = joined(this.#held, next.value);
      const isTooLong = end === 0 && held.length > LONGEST_OPEN;
      const cut = isTooLong ? cutOf(held) : end === 0 ? 0 : this.#held.length + end;
      this.#lines = held.subarray(0, cut);
      this.#held = held.slice(cut);
    }
    return true;
  }

  #skipHeld(offset: number): boolean {
    const missing = offset - this.tracker.offset;
    if (missing > this.#held.length) return false;
    this.tracker.push(this.#held.subarray(0, missing));
    this.#held = this.#held.subarray(missing);
    return true;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.length === 0 ? b : Buffer.concat([a, b]);
}
