import { assert, type Bytes, ok, type Result } from "@detente/basics";
import {
  at,
  badElement,
  type BadElement,
  ELEMENT_BYTES,
  type Group,
  isZero,
  SCALAR_BYTES,
  UNIFORM_BYTES,
} from "../group.ts";
import { type KernelExports, startKernel } from "./kernel-module.ts";

/** Up to so many terms of a sum are multiplied one by one: buckets would cost more. */
const FEW = 8;

/**
 * The group by the kernel of `assembly/`, four elements at a time. One thread's; another thread makes its own.
 * @param wasm the bytes of `@detente/match/ristretto.wasm`
 */
export function kernelGroup(wasm: Uint8Array): Group {
  return new KernelGroup(startKernel(wasm));
}

class KernelGroup implements Group {
  readonly #kernel: KernelExports;
  readonly #memory: Bytes;
  readonly #capacity: number;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#memory = new Uint8Array(kernel.memory.buffer);
    this.#capacity = kernel.CAPACITY.value;
  }

  fromUniform(uniform: Bytes): Bytes {
    return this.#inChunks(uniform.length / UNIFORM_BYTES, (first, count) => {
      this.#map(uniform, first, count);
      this.#kernel.encodeAll(count);
    });
  }

  multiply(elements: Bytes, scalars: Bytes): Result<Bytes, BadElement> {
    let bad = -1;
    const products = this.#inChunks(elements.length / ELEMENT_BYTES, (first, count) => {
      bad = bad === -1 ? this.#decode(elements, first, count) : bad;
      if (bad === -1) this.#scaleAndEncode(scalars, first, count);
    });
    return bad === -1 ? ok(products) : badElement(bad);
  }

  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return this.#inChunks(uniform.length / UNIFORM_BYTES, (first, count) => {
      this.#map(uniform, first, count);
      this.#scaleAndEncode(scalars, first, count);
    });
  }

  combine(elements: Bytes, scalars: Bytes, sums = 1): Result<Bytes, BadElement> {
    const count = elements.length / ELEMENT_BYTES;
    const result = new Uint8Array(ELEMENT_BYTES * sums);
    const few = count <= FEW;
    if (few) {
      const bad = this.#decode(elements, 0, count);
      if (bad !== -1) return badElement(bad);
      this.#scale(scalars, 0, count);
    }
    for (let i = 0; i < sums; i++) {
      const [first, terms] = [(count / sums) * i, count / sums];
      this.#kernel.clearSum();
      if (few) this.#kernel.addPoints(first, terms);
      const bad = few ? -1 : this.#addTerms(elements, scalars, first, terms);
      if (bad !== -1) return badElement(bad);
      this.#kernel.encodeSum();
      result.set(this.#output(1), ELEMENT_BYTES * i);
    }
    return ok(result);
  }

  reduce(wide: Bytes): Bytes {
    return this.#inChunks(wide.length / UNIFORM_BYTES, (first, count) => {
      this.#write(this.#kernel.INPUT.value, wide, UNIFORM_BYTES, first, count);
      this.#kernel.reduceAll(count);
    });
  }

  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes {
    for (const [i, scalar] of [minuend, a, b].entries()) {
      this.#memory.set(scalar, this.#kernel.SCALARS.value + SCALAR_BYTES * i);
    }
    this.#kernel.subtractOne();
    return this.#output(1);
  }

  invert(scalars: Bytes): Bytes {
    return this.#inChunks(scalars.length / SCALAR_BYTES, (first, count) => {
      // One zero would make all inverses of the batch zero.
      for (let i = first; i < first + count; i++) assert(!isZero(at(scalars, i)), "zero has no inverse");
      this.#write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
      this.#kernel.invertAll(count);
    });
  }

  /** Collects what `work` leaves in the output, for all items, as many at a time as the kernel takes. */
  #inChunks(total: number, work: (first: number, count: number) => void): Bytes {
    const all = new Uint8Array(ELEMENT_BYTES * total);
    for (let first = 0; first < total; first += this.#capacity) {
      const count = Math.min(this.#capacity, total - first);
      work(first, count);
      all.set(this.#output(count), ELEMENT_BYTES * first);
    }
    return all;
  }

  /** @returns the index among all elements of the first that is refused, or −1 */
  #decode(elements: Bytes, first: number, count: number): number {
    this.#write(this.#kernel.INPUT.value, elements, ELEMENT_BYTES, first, count);
    const bad = this.#kernel.decodeAll(count);
    return bad === -1 ? -1 : first + bad;
  }

  /** @returns the index among all elements of the first that is refused, or −1 */
  #addTerms(elements: Bytes, scalars: Bytes, start: number, terms: number): number {
    for (let first = start; first < start + terms; first += this.#capacity) {
      const count = Math.min(this.#capacity, start + terms - first);
      const bad = this.#decode(elements, first, count);
      if (bad !== -1) return bad;
      this.#write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
      this.#kernel.addToSum(count);
    }
    return -1;
  }

  #map(uniform: Bytes, first: number, count: number): void {
    this.#write(this.#kernel.INPUT.value, uniform, UNIFORM_BYTES, first, count);
    this.#kernel.mapAll(count);
  }

  #scaleAndEncode(scalars: Bytes, first: number, count: number): void {
    this.#scale(scalars, first, count);
    this.#kernel.encodeAll(count);
  }

  #scale(scalars: Bytes, first: number, count: number): void {
    const single = scalars.length === SCALAR_BYTES;
    if (single) this.#memory.set(scalars, this.#kernel.SCALARS.value);
    else this.#write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
    this.#kernel.scaleAll(count, single ? 0 : SCALAR_BYTES);
  }

  #write(to: number, from: Bytes, size: number, first: number, count: number): void {
    const piece = from.subarray(size * first, size * (first + count));
    assert(piece.length === size * count, "as many scalars as elements, or one");
    this.#memory.set(piece, to);
  }

  #output(count: number): Bytes {
    const start = this.#kernel.OUTPUT.value;
    return this.#memory.slice(start, start + ELEMENT_BYTES * count);
  }
}
