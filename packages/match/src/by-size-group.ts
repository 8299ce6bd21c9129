import type { Bytes, Result } from "@detente/basics";
import {
  type BadElement,
  bytesOf,
  type Decoded,
  ELEMENT_BYTES,
  type Elements,
  type Group,
  UNIFORM_BYTES,
} from "./group.ts";

/** Up to so many elements go to the backend for few: one costs the kernel what four cost, libsodium a third of it. */
const FEW = 2;

/**
 * Two backends as one: which of them works is told by how many elements there are, and so by nothing secret. Multiples of
 * a base are the kernel's, which has a table of it, and takes the lanes together for a single one.
 */
export class BySizeGroup implements Group {
  readonly #few: Group;
  readonly #many: Group;

  constructor(few: Group, many: Group) {
    this.#few = few;
    this.#many = many;
  }

  decode(elements: Bytes): Result<Decoded, BadElement> {
    return this.#for(elements.length / ELEMENT_BYTES).decode(elements);
  }

  fromUniform(uniform: Bytes): Bytes {
    return this.#for(uniform.length / UNIFORM_BYTES).fromUniform(uniform);
  }

  multiply(elements: Elements, scalars: Bytes): Result<Bytes, BadElement> {
    return this.#for(bytesOf(elements).length / ELEMENT_BYTES).multiply(elements, scalars);
  }

  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return this.#for(uniform.length / UNIFORM_BYTES).multiplyUniform(uniform, scalars);
  }

  addToUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return this.#many.addToUniform(uniform, scalars);
  }

  subtractMultiples(elements: Elements, base: Bytes, scalars: Bytes): Result<Bytes, BadElement> {
    return this.#many.subtractMultiples(elements, base, scalars);
  }

  addBases(a: Bytes, base: Bytes, b: Bytes): Bytes {
    return this.#many.addBases(a, base, b);
  }

  combine(elements: Elements, scalars: Bytes, terms?: readonly number[]): Result<Bytes, BadElement> {
    return this.#for(bytesOf(elements).length / ELEMENT_BYTES).combine(elements, scalars, terms);
  }

  reduce(wide: Bytes): Bytes {
    return this.#for(wide.length / UNIFORM_BYTES).reduce(wide);
  }

  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes {
    return this.#few.subtractProduct(minuend, a, b);
  }

  sha512(messages: readonly (readonly Bytes[])[]): Bytes {
    return this.#for(messages.length).sha512(messages);
  }

  #for(count: number): Group {
    return count <= FEW ? this.#few : this.#many;
  }
}
