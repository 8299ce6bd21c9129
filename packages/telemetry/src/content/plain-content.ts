import type { FileHandle } from "node:fs/promises";
import type { InputFault } from "../faults.ts";
import { READ_BYTES } from "../inputs/input.ts";
import type { Content, Rest } from "./content.ts";
import { cutOf, LONGEST_OPEN, SEARCHED_FOR_CUT } from "./open-line.ts";
import { EDGE_BYTES, equalFingerprints, type Fingerprint, Tracker } from "./tracker.ts";

const NEWLINE = 0x0a;

/** The lines of a file that is not packed and may be growing, from its tracker's place on. */
export class PlainContent implements Content {
  readonly tracker: Tracker;
  readonly writtenBy: number;
  readonly #file: FileHandle;
  /** So far it is known to hold no line end behind the tracker's place: a long line is looked at once. */
  #searched = 0;
  readonly #fault: InputFault | undefined;

  /** @param fault what is known to be wrong with the file */
  constructor(file: FileHandle, tracker: Tracker, writtenBy: number, fault: InputFault | undefined) {
    this.#file = file;
    this.writtenBy = writtenBy;
    this.tracker = tracker;
    this.#fault = fault;
  }

  async segment(bound: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    const from = this.tracker.offset;
    const { size } = await this.#file.stat();
    const end = (await this.#lineEnd(from, Math.min(size, from + bound), size)) ?? (await this.#openEnd(from, size));
    return end === undefined ? undefined : this.#track(readRange(this.#file, from, end));
  }

  async rest(): Promise<Rest | undefined> {
    const from = this.tracker.offset;
    const { size } = await this.#file.stat();
    return size > from ? { length: size - from, bytes: readRange(this.#file, from, size) } : undefined;
  }

  fault(): InputFault | undefined {
    return this.#fault;
  }

  async close(): Promise<void> {
    // The file is its owner's.
  }

  /** Behind the last line end before `bound`; where there is none, behind the first one after it. */
  async #lineEnd(from: number, bound: number, size: number): Promise<number | undefined> {
    for (let end = bound; end > from; end -= READ_BYTES) {
      const start = Math.max(from, end - READ_BYTES);
      const at = (await readAt(this.#file, start, end)).lastIndexOf(NEWLINE);
      if (at >= 0) return start + at + 1;
    }
    for (let start = Math.max(bound, this.#searched); start < size; start += READ_BYTES) {
      const at = (await readAt(this.#file, start, Math.min(size, start + READ_BYTES))).indexOf(NEWLINE);
      if (at >= 0) return start + at + 1;
    }
    this.#searched = Math.max(bound, size);
    return undefined;
  }

  /** Where to cut a line that has no end yet; nowhere where it is not over the limit. */
  async #openEnd(from: number, size: number): Promise<number | undefined> {
    if (size - from <= LONGEST_OPEN) return undefined;
    const start = size - SEARCHED_FOR_CUT;
    return start + cutOf(await readAt(this.#file, start, size));
  }

  async *#track(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.tracker.push(chunk);
      yield chunk;
    }
  }
}

/** A tracker of what stands before `offset`; `undefined` where the file does not reach so far. */
export async function trackerAt(file: FileHandle, offset: number): Promise<Tracker | undefined> {
  const edge = Math.min(EDGE_BYTES, offset);
  const head = await readAt(file, 0, edge);
  const tail = await readAt(file, offset - edge, offset);
  return head.length < edge || tail.length < edge ? undefined : new Tracker(head, tail, offset);
}

/** Whether the file still begins with what was read of it. */
export async function holds(file: FileHandle, read: Fingerprint): Promise<Tracker | undefined> {
  const tracker = await trackerAt(file, read.offset);
  return tracker !== undefined && equalFingerprints(tracker.fingerprint(), read) ? tracker : undefined;
}

async function* readRange(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to;) {
    const chunk = await readAt(file, at, Math.min(to, at + READ_BYTES));
    if (chunk.length === 0) throw new CutWhileRead();
    yield chunk;
    at += chunk.length;
  }
}

/** A log was cut below the place up to which it was being read. */
export class CutWhileRead extends Error {}

/** Bytes `from` to `to`; fewer only where the file ends before. */
export async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
