import type { Marked } from "../lines.ts";
import { type SieveHandle, SieveMemory } from "./sieve-module.ts";

/** Bytes before and behind a text that may be read. */
const MARGIN = 128;
/** Bytes of a candidate: see `assembly/area.ts`. */
const CANDIDATE = 20;

/** A line that may have a hit. */
export interface Candidate {
  /** Offset in the text. */
  readonly start: number;
  /** Without the line feed. */
  readonly length: number;
  /** From 0, counted from where the scan began. */
  readonly line: number;
  readonly marked: Marked;
}

/** What a scan of some lines found. */
export interface Scan {
  readonly candidates: readonly Candidate[];
  readonly lines: number;
  /** Lines that are not UTF-8, and the first of them, from 0. */
  readonly invalid: number;
  readonly firstInvalid: number;
  /** Where it stopped: at the end, before a long line, or where there was no room for more candidates. */
  readonly end: number;
  readonly isLong: boolean;
}

/** What the sieve must know about a log's format: see `assembly/lines.ts`. */
export interface SieveMode {
  /** JSON's escapes are undone. */
  readonly isJson: boolean;
  /** Syslog's are. */
  readonly isSyslog: boolean;
  /** Lines that begin with `#` are candidates, because a reader learns from them. */
  readonly hasHeaders: boolean;
}

/** Where a sieve's memory lies; to be handed to the thread that scans. */
export interface SievePlace extends SieveHandle {
  readonly image: number;
  readonly area: number;
  /** Bytes of text that fit. */
  readonly capacity: number;
}

/** Bytes of memory that a sieve needs for so much text. */
export function sieveSize(areaSize: number, capacity: number): number {
  return areaSize + capacity + 2 * MARGIN;
}

/** The first tier, on one thread: tells by the bytes of lines which of them must be walked. It never misses one. */
export class Sieve {
  readonly place: SievePlace;
  readonly #memory: SieveMemory;
  readonly #start: number;

  constructor(place: SievePlace) {
    this.place = place;
    this.#memory = SieveMemory.of(place);
    const { exports } = this.#memory;
    exports.open(place.image);
    exports.useArea(place.area);
    this.#start = place.area + exports.areaSize() + MARGIN;
  }

  /** Where the text to be scanned is put. */
  get text(): Uint8Array {
    return this.#memory.bytes.subarray(this.#start, this.#start + this.place.capacity);
  }

  /** Scans whole lines of the text; only the last of the log may lack its line feed. */
  scan(from: number, to: number, { isJson, isSyslog, hasHeaders }: SieveMode): Scan {
    const { exports } = this.#memory;
    exports.scan(this.#start + from, this.#start + to, (isJson ? 1 : 0) | (hasHeaders ? 2 : 0) | (isSyslog ? 4 : 0));
    const view = new DataView(this.#memory.bytes.buffer, exports.candidates.value);
    const candidates: Candidate[] = [];
    const count = exports.candidateCount.value;
    for (let at = 0; at < CANDIDATE * count; at += CANDIDATE) {
      candidates.push({
        start: view.getUint32(at, true) - this.#start,
        length: view.getUint32(at + 4, true),
        line: view.getUint32(at + 8, true),
        marked: { first: view.getUint32(at + 12, true), last: view.getUint32(at + 16, true) },
      });
    }
    return {
      candidates,
      lines: exports.lines.value,
      invalid: exports.invalidLines.value,
      firstInvalid: exports.firstInvalid.value,
      end: exports.scannedTo.value - this.#start,
      isLong: exports.isLong.value !== 0,
    };
  }
}
