import { assert, type Bytes } from "@detente/basics";
import { bytesOf, type Decoded, ELEMENT_BYTES, type Elements } from "../group.ts";
import type { KernelExports } from "./kernel-module.ts";

/** A point in the kernel's memory; four stand there in one group. */
const POINT_BYTES = 160;

/** Elements with their points as the kernel has them. */
export interface KernelDecoded extends Decoded {
  readonly points: Bytes;
}

/** Room for the points of so many elements. */
export function pointsOf(count: number): Bytes {
  return new Uint8Array(POINT_BYTES * roundedUp(count));
}

/** The kernel's memory: what goes in, and what comes out. */
export class KernelMemory {
  readonly exports: KernelExports;
  readonly #bytes: Bytes;

  constructor(exports: KernelExports) {
    this.exports = exports;
    this.#bytes = new Uint8Array(exports.memory.buffer);
  }

  set(bytes: Bytes, to: number): void {
    this.#bytes.set(bytes, to);
  }

  /** Writes `count` items of `size` bytes, from the one with index `first` on. */
  write(to: number, from: Bytes, size: number, first: number, count: number): void {
    const piece = from.subarray(size * first, size * (first + count));
    assert(piece.length === size * count, "as many scalars as elements, or one");
    this.#bytes.set(piece, to);
  }

  output(length: number): Bytes {
    const start = this.exports.OUTPUT.value;
    return this.#bytes.slice(start, start + length);
  }

  /**
   * Has the points of elements take their places, decoded now or before.
   * @returns the index among all elements of the first that is refused, or −1
   */
  load(elements: Elements, first: number, count: number): number {
    // A group has four points: those from elsewhere on would stand in other lanes.
    if (isKernels(elements) && first % 4 === 0) {
      const piece = elements.points.subarray(POINT_BYTES * first, POINT_BYTES * (first + roundedUp(count)));
      this.#bytes.set(piece, this.exports.POINTS.value);
      return -1;
    }
    this.write(this.exports.INPUT.value, bytesOf(elements), ELEMENT_BYTES, first, count);
    const bad = this.exports.decodeAll(count);
    return bad === -1 ? -1 : first + bad;
  }

  /** Copies the points that were loaded to their places among all. */
  savePoints(all: Bytes, first: number, count: number): void {
    const start = this.exports.POINTS.value;
    all.set(this.#bytes.subarray(start, start + POINT_BYTES * roundedUp(count)), POINT_BYTES * first);
  }
}

function isKernels(elements: Elements): elements is KernelDecoded {
  return "points" in elements;
}

function roundedUp(count: number): number {
  return (count + 3) & ~3;
}
