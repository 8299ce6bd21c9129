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
  type Term,
  UNIFORM_BYTES,
} from "../group.ts";
import { type KernelDecoded, KernelMemory, pointsOf } from "./kernel-memory.ts";
import { type KernelExports, startKernel } from "./kernel-module.ts";

/** How many elements are kept with multiples of their own. */
const SPLIT = 2;
/** The kernel's tables of multiples: the generator's for ever, and that of the base used last. */
const GENERATOR = 0;
const LAST_BASE = 1;
const DIGEST_BYTES = 64;
/** The kernel hashes messages up to so long, and so many before its digests are taken out. */
const MAX_MESSAGE = 65_000;
const MAX_DIGESTS = 512;

/**
 * The group by the kernel of `assembly/`, four elements at a time. One thread's; another thread makes its own.
 * @param wasm the bytes of `@detente/match/ristretto.wasm`
 */
export function kernelGroup(wasm: Uint8Array): Group {
  return new KernelGroup(new KernelMemory(startKernel(wasm)));
}

class KernelGroup implements Group {
  readonly #memory: KernelMemory;
  readonly #kernel: KernelExports;
  readonly #capacity: number;
  /** The bases whose tables the kernel has. */
  readonly #bases: (Bytes | undefined)[] = [undefined, undefined];
  /** The single elements that it has split. */
  readonly #split: (Bytes | undefined)[] = [undefined, undefined];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#kernel = memory.exports;
    this.#capacity = memory.exports.CAPACITY.value;
  }

  decode(elements: Bytes): Result<Decoded, BadElement> {
    const count = elements.length / ELEMENT_BYTES;
    const points = pointsOf(count);
    for (let first = 0; first < count; first += this.#capacity) {
      const some = Math.min(this.#capacity, count - first);
      const bad = this.#memory.load(elements, first, some);
      if (bad !== -1) return badElement(bad);
      this.#memory.savePoints(points, first, some);
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
    if (bytesOf(elements).length === ELEMENT_BYTES) return this.#multiplyOne(elements, scalars);
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
    const known = this.#ensureTable(LAST_BASE, base);
    if (!known.ok) return known;
    return this.#ofElements(elements, (first, count) => {
      this.#addMultiples(scalars, first, count, LAST_BASE, true);
      this.#kernel.encodeAll(count);
    });
  }

  sums(sums: readonly (readonly Term[])[], base?: Bytes): Result<Bytes, BadElement> {
    assert(sums.length <= 4, "up to four sums");
    this.#ensureTable(GENERATOR, BASE);
    const known = base === undefined ? ok(undefined) : this.#ensureTable(LAST_BASE, base);
    if (!known.ok) return known;
    const single = new Set<Elements>();
    for (const [element] of sums.flat()) if (element !== BASE && element !== base) single.add(element);
    for (const [slot, element] of [...single].entries()) {
      const split = this.#ensureSplit(slot, element);
      if (!split.ok) return split;
    }
    for (const [lane, terms] of sums.entries()) {
      const scalars = new Map(terms);
      assert(scalars.size === terms.length, "no element twice in a sum");
      this.#sumOfSplit([...single].map((element) => scalars.get(element)));
      const [ofGenerator, ofBase] = [scalars.get(BASE), base && scalars.get(base)];
      if (ofGenerator !== undefined) this.#addMultiples(ofGenerator, 0, 1, GENERATOR, false);
      if (ofBase !== undefined && base !== BASE) this.#addMultiples(ofBase, 0, 1, LAST_BASE, false);
      this.#kernel.keepSum(lane);
    }
    this.#kernel.encodeSums();
    return ok(this.#memory.output(ELEMENT_BYTES * sums.length));
  }

  combine(elements: Elements, scalars: Bytes): Result<Bytes, BadElement> {
    const count = bytesOf(elements).length / ELEMENT_BYTES;
    this.#kernel.clearSum();
    for (let first = 0; first < count; first += this.#capacity) {
      const some = Math.min(this.#capacity, count - first);
      const bad = this.#memory.load(elements, first, some);
      if (bad !== -1) return badElement(bad);
      this.#memory.write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, some);
      this.#kernel.addToSum(some);
    }
    this.#kernel.encodeSum();
    return ok(this.#memory.output(ELEMENT_BYTES));
  }

  reduce(wide: Bytes): Bytes {
    return this.#inChunks(wide.length / UNIFORM_BYTES, (first, count) => {
      this.#memory.write(this.#kernel.INPUT.value, wide, UNIFORM_BYTES, first, count);
      this.#kernel.reduceAll(count);
    });
  }

  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes {
    for (const [i, scalar] of [minuend, a, b].entries()) {
      this.#memory.set(scalar, this.#kernel.SCALARS.value + SCALAR_BYTES * i);
    }
    this.#kernel.subtractOne();
    return this.#memory.output(SCALAR_BYTES);
  }

  sha512(messages: readonly (readonly Bytes[])[]): Bytes {
    const digests = new Uint8Array(DIGEST_BYTES * messages.length);
    for (let first = 0; first < messages.length; first += MAX_DIGESTS) {
      const some = messages.slice(first, first + MAX_DIGESTS);
      for (const [i, parts] of some.entries()) this.#digest(parts, i);
      digests.set(this.#memory.output(DIGEST_BYTES * some.length), DIGEST_BYTES * first);
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
      all.set(this.#memory.output(ELEMENT_BYTES * count), ELEMENT_BYTES * first);
    }
    return all;
  }

  /** The same with the points of elements, if all are good. */
  #ofElements(elements: Elements, work: (first: number, count: number) => void): Result<Bytes, BadElement> {
    let bad = -1;
    const results = this.#inChunks(bytesOf(elements).length / ELEMENT_BYTES, (first, count) => {
      bad = bad === -1 ? this.#memory.load(elements, first, count) : bad;
      if (bad === -1) work(first, count);
    });
    return bad === -1 ? ok(results) : badElement(bad);
  }

  #multiplyOne(element: Elements, scalar: Bytes): Result<Bytes, BadElement> {
    const split = this.#ensureSplit(0, element);
    if (!split.ok) return split;
    this.#sumOfSplit([scalar]);
    this.#kernel.encodeAll(1);
    return ok(this.#memory.output(ELEMENT_BYTES));
  }

  #map(uniform: Bytes, first: number, count: number): void {
    this.#memory.write(this.#kernel.INPUT.value, uniform, UNIFORM_BYTES, first, count);
    this.#kernel.mapAll(count);
  }

  #addMultiples(scalars: Bytes, first: number, count: number, slot: number, negative: boolean): void {
    this.#memory.write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
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
    else this.#memory.write(this.#kernel.SCALARS.value, scalars, SCALAR_BYTES, first, count);
    if (halved) this.#kernel.halveScalars(single ? 1 : count);
    this.#kernel.scaleAll(count, single ? 0 : SCALAR_BYTES);
  }

  /** Makes the kernel's table of a base, unless it has it; the points in its memory are gone then. */
  #ensureTable(slot: number, base: Bytes): Result<void, BadElement> {
    return this.#ensure(this.#bases, slot, base, () => this.#kernel.buildTable(slot));
  }

  /** The same of a single element that is multiplied more than once. */
  #ensureSplit(slot: number, element: Elements): Result<void, BadElement> {
    assert(slot < SPLIT, `sums of up to ${SPLIT} elements`);
    return this.#ensure(this.#split, slot, element, () => this.#kernel.splitFirst(slot));
  }

  #ensure(known: (Bytes | undefined)[], slot: number, element: Elements, make: () => void): Result<void, BadElement> {
    const bytes = bytesOf(element);
    const kept = known[slot];
    if (kept !== undefined && equalBytes(kept, bytes)) return ok(undefined);
    const bad = this.#memory.load(element, 0, 1);
    if (bad !== -1) return badElement(bad);
    make();
    // Not `slice`: of a Buffer it is a view, and bytes that change would keep another's multiples.
    known[slot] = new Uint8Array(bytes);
    return ok(undefined);
  }

  /** The first point becomes the sum of the elements that were split, times their scalars; those without one are left out. */
  #sumOfSplit(scalars: readonly (Bytes | undefined)[]): void {
    const first = Math.max(
      0,
      scalars.findIndex((scalar) => scalar !== undefined),
    );
    const given = scalars.filter((scalar) => scalar !== undefined);
    for (const [i, scalar] of given.entries()) this.#memory.set(scalar, this.#kernel.SCALARS.value + SCALAR_BYTES * i);
    this.#kernel.sumOfSplit(first, given.length);
  }
}
