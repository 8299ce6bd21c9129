import { assert, type Bytes, concatBytes, equalBytes, ok, type Result, sha512 } from "@detente/basics";
import {
  BASE,
  badElement,
  type BadElement,
  bytesOf,
  type Decoded,
  ELEMENT_BYTES,
  type Elements,
  type Group,
  SCALAR_BYTES,
  UNIFORM_BYTES,
} from "../group.ts";
import { type KernelExports, startKernel } from "./kernel-module.ts";

/** Up to so many terms of a sum are multiplied one by one: buckets would cost more. */
const FEW = 8;
/** A point in the kernel's memory; four stand there in one group. */
const POINT_BYTES = 160;
/** The kernel's tables of multiples: the generator's for ever, and that of the base used last. */
const GENERATOR = 0;
const LAST_BASE = 1;
const DIGEST_BYTES = 64;
/** The kernel hashes messages up to so long, and so many before its digests are taken out. */
const MAX_MESSAGE = 65_000;
const MAX_DIGESTS = 512;

/** Elements with their points as the kernel has them. */
interface KernelDecoded extends Decoded {
  readonly points: Bytes;
}

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
  /** The bases whose tables the kernel has. */
  readonly #bases: (Bytes | undefined)[] = [undefined, undefined];

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#memory = new Uint8Array(kernel.memory.buffer);
    this.#capacity = kernel.CAPACITY.value;
  }

  decode(elements: Bytes): Result<Decoded, BadElement> {
    const count = elements.length / ELEMENT_BYTES;
    const points = new Uint8Array(POINT_BYTES * roundedUp(count));
    for (let first = 0; first < count; first += this.#capacity) {
      const some = Math.min(this.#capacity, count - first);
      const bad = this.#load(elements, first, some);
      if (bad !== -1) return badElement(bad);
      const start = this.#kernel.POINTS.value;
      points.set(this.#memory.subarray(start, start + POINT_BYTES * roundedUp(some)), POINT_BYTES * first);
    }
    return ok({ bytes: elements, points } satisfies KernelDecoded);
  }

  fromUniform(uniform: Bytes): Bytes {
    return this.#inChunks(uniform.length / UNIFORM_BYTES, (first, count) => {
      this.#map(uniform, first, count);
      this.#kernel.encodeAll(count);
    });
  }

  multiply(elements: Elements, scalars: Bytes): Result<Bytes, BadElement> {
    return this.#ofElements(elements, (first, count) => this.#scaleAndEncode(scalars, first, count));
  }

  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return this.#inChunks(uniform.length / UNIFORM_BYTES, (first, count) => {
      this.#map(uniform, first, count);
      this.#scaleAndEncode(scalars, first, count);
    });
  }

  addToUniform(uniform: Bytes, scalars: Bytes): Bytes {
    this.#ensureTable(GENERATOR, BASE);
    return this.#inChunks(uniform.length / UNIFORM_BYTES, (first, count) => {
      this.#map(uniform, first, count);
      this.#addMultiples(scalars, first, count, GENERATOR, false);
      this.#kernel.encodeAll(count);
    });
  }

  subtractMultiples(elements: Elements, base: Bytes, scalars: Bytes): Result<Bytes, BadElement> {
    this.#ensureTable(LAST_BASE, base);
    return this.#ofElements(elements, (first, count) => {
      this.#addMultiples(scalars, first, count, LAST_BASE, true);
      this.#kernel.encodeAll(count);
    });
  }

  addBases(a: Bytes, base: Bytes, b: Bytes): Bytes {
    this.#ensureTable(GENERATOR, BASE);
    this.#ensureTable(LAST_BASE, base);
    return this.#inChunks(1, () => {
      this.#kernel.clearAll(1);
      this.#addMultiples(a, 0, 1, GENERATOR, false);
      this.#addMultiples(b, 0, 1, LAST_BASE, false);
      this.#kernel.encodeAll(1);
    });
  }

  combine(
    elements: Elements,
    scalars: Bytes,
    terms: readonly number[] = [bytesOf(elements).length / ELEMENT_BYTES],
  ): Result<Bytes, BadElement> {
    const count = terms.reduce((all, some) => all + some, 0);
    assert(count === bytesOf(elements).length / ELEMENT_BYTES, "every term is of one sum");
    const result = new Uint8Array(ELEMENT_BYTES * terms.length);
    const few = count <= FEW;
    if (few) {
      const bad = this.#load(elements, 0, count);
      if (bad !== -1) return badElement(bad);
      this.#scale(scalars, 0, count, false);
    }
    let first = 0;
    for (const [i, some] of terms.entries()) {
      this.#kernel.clearSum();
      if (few) this.#kernel.addPoints(first, some);
      const bad = few ? -1 : this.#addTerms(elements, scalars, first, some);
      if (bad !== -1) return badElement(bad);
      this.#kernel.keepSum(i & 3);
      first += some;
      if ((i & 3) < 3 && i < terms.length - 1) continue;
      this.#kernel.encodeSums();
      result.set(this.#output(ELEMENT_BYTES * ((i & 3) + 1)), ELEMENT_BYTES * (i - (i & 3)));
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
    return this.#output(SCALAR_BYTES);
  }

  sha512(messages: readonly (readonly Bytes[])[]): Bytes {
    const digests = new Uint8Array(DIGEST_BYTES * messages.length);
    for (let first = 0; first < messages.length; first += MAX_DIGESTS) {
      const some = messages.slice(first, first + MAX_DIGESTS);
      for (const [i, parts] of some.entries()) this.#digest(parts, i);
      digests.set(this.#output(DIGEST_BYTES * some.length), DIGEST_BYTES * first);
    }
    return digests;
  }

  #digest(parts: readonly Bytes[], index: number): void {
    const { INPUT, OUTPUT } = this.#kernel;
    let length = 0;
    for (const part of parts) length += part.length;
    if (length > MAX_MESSAGE) {
      this.#memory.set(sha512(concatBytes(...parts)), OUTPUT.value + DIGEST_BYTES * index);
      return;
    }
    let to = INPUT.value;
    for (const part of parts) {
      this.#memory.set(part, to);
      to += part.length;
    }
    this.#kernel.sha512(length, index);
  }

  /** Collects what `work` leaves in the output, for all items, as many at a time as the kernel takes. */
  #inChunks(total: number, work: (first: number, count: number) => void): Bytes {
    const all = new Uint8Array(ELEMENT_BYTES * total);
    for (let first = 0; first < total; first += this.#capacity) {
      const count = Math.min(this.#capacity, total - first);
      work(first, count);
      all.set(this.#output(ELEMENT_BYTES * count), ELEMENT_BYTES * first);
    }
    return all;
  }

  /** The same with the points of elements, if all are good. */
  #ofElements(elements: Elements, work: (first: number, count: number) => void): Result<Bytes, BadElement> {
    let bad = -1;
    const results = this.#inChunks(bytesOf(elements).length / ELEMENT_BYTES, (first, count) => {
      bad = bad === -1 ? this.#load(elements, first, count) : bad;
      if (bad === -1) work(first, count);
    });
    return bad === -1 ? ok(results) : badElement(bad);
  }

  /** @returns the index among all elements of the first that is refused, or −1 */
  #load(elements: Elements, first: number, count: number): number {
    // A group has four points: those from elsewhere on would stand in other lanes.
    if (isKernels(elements) && first % 4 === 0) {
      const piece = elements.points.subarray(POINT_BYTES * first, POINT_BYTES * (first + roundedUp(count)));
      this.#memory.set(piece, this.#kernel.POINTS.value);
      return -1;
    }
    this.#write(this.#kernel.INPUT.value, bytesOf(elements), ELEMENT_BYTES, first, count);
    const bad = this.#kernel.decodeAll(count);
    return bad === -1 ? -1 : first + bad;
  }

  /** @returns the index among all elements of the first that is refused, or −1 */
  #addTerms(elements: Elements, scalars: Bytes, start: number, terms: number): number {
    for (let first = start; first < start + terms; first += this.#capacity) {
      const count = Math.min(this.#capacity, start + terms - first);
      const bad = this.#load(elements, first, count);
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

  #addMultiples(scalars: Bytes, first: number, count: number, slot: number, negative: boolean): void {
    this.#write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
    if (count === 1) this.#kernel.addMultiple(slot, negative);
    else this.#kernel.addMultiples(count, slot, negative);
  }

  /** By half of each scalar, and twice what that makes is encoded: many points need no root each. */
  #scaleAndEncode(scalars: Bytes, first: number, count: number): void {
    this.#scale(scalars, first, count, true);
    this.#kernel.encodeDoubled(count);
  }

  #scale(scalars: Bytes, first: number, count: number, halved: boolean): void {
    const single = scalars.length === SCALAR_BYTES;
    if (single) this.#memory.set(scalars, this.#kernel.SCALARS.value);
    else this.#write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
    if (halved) this.#kernel.halveScalars(single ? 1 : count);
    this.#kernel.scaleAll(count, single ? 0 : SCALAR_BYTES);
  }

  /** Makes the kernel's table of a base, unless it has it; the points in its memory are gone then. */
  #ensureTable(slot: number, base: Bytes): void {
    const known = this.#bases[slot];
    if (known !== undefined && equalBytes(known, base)) return;
    const bad = this.#load(base, 0, 1);
    assert(bad === -1, "a base is an element");
    this.#kernel.buildTable(slot);
    this.#bases[slot] = base.slice();
  }

  #write(to: number, from: Bytes, size: number, first: number, count: number): void {
    const piece = from.subarray(size * first, size * (first + count));
    assert(piece.length === size * count, "as many scalars as elements, or one");
    this.#memory.set(piece, to);
  }

  #output(length: number): Bytes {
    const start = this.#kernel.OUTPUT.value;
    return this.#memory.slice(start, start + length);
  }
}

function isKernels(elements: Elements): elements is KernelDecoded {
  return "points" in elements;
}

function roundedUp(count: number): number {
  return (count + 3) & ~3;
}
