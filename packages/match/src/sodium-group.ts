import { assert, type Bytes, ok, type Result } from "@detente/basics";
import sodium, { ready } from "libsodium-wrappers-sumo";
import {
  at,
  badElement,
  type BadElement,
  ELEMENT_BYTES,
  type Group,
  isZero,
  scalarFor,
  UNIFORM_BYTES,
} from "./group.ts";

/** The group by libsodium: audited, constant-time, and the measure of the kernel. */
export async function sodiumGroup(): Promise<Group> {
  await ready;
  return new SodiumGroup();
}

class SodiumGroup implements Group {
  fromUniform(uniform: Bytes): Bytes {
    return packed(uniform.length / UNIFORM_BYTES, (i) => mapped(uniform, i));
  }

  multiply(elements: Bytes, scalars: Bytes): Result<Bytes, BadElement> {
    const bad = firstBad(elements);
    if (bad !== undefined) return badElement(bad);
    return ok(packed(elements.length / ELEMENT_BYTES, (i) => product(scalarFor(scalars, i), at(elements, i))));
  }

  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return packed(uniform.length / UNIFORM_BYTES, (i) => product(scalarFor(scalars, i), mapped(uniform, i)));
  }

  combine(elements: Bytes, scalars: Bytes, sums = 1): Result<Bytes, BadElement> {
    const bad = firstBad(elements);
    if (bad !== undefined) return badElement(bad);
    const terms = elements.length / ELEMENT_BYTES / sums;
    return ok(packed(sums, (i) => sumOf(elements, scalars, terms * i, terms)));
  }

  reduce(wide: Bytes): Bytes {
    return packed(wide.length / UNIFORM_BYTES, (i) =>
      sodium.crypto_core_ristretto255_scalar_reduce(wide.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1))),
    );
  }

  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes {
    return sodium.crypto_core_ristretto255_scalar_sub(minuend, sodium.crypto_core_ristretto255_scalar_mul(a, b));
  }

  invert(scalars: Bytes): Bytes {
    return packed(scalars.length / ELEMENT_BYTES, (i) => {
      assert(!isZero(at(scalars, i)), "zero has no inverse");
      return sodium.crypto_core_ristretto255_scalar_invert(at(scalars, i));
    });
  }
}

function mapped(uniform: Bytes, i: number): Bytes {
  return sodium.crypto_core_ristretto255_from_hash(uniform.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1)));
}

/** libsodium refuses a product that is the identity, as it is for the scalar zero and for nothing else among good input. */
function product(scalar: Bytes, element: Bytes): Bytes {
  if (isZero(scalar) || isZero(element)) return new Uint8Array(ELEMENT_BYTES);
  return sodium.crypto_scalarmult_ristretto255(scalar, element);
}

function sumOf(elements: Bytes, scalars: Bytes, first: number, terms: number): Bytes {
  let sum: Bytes = new Uint8Array(ELEMENT_BYTES);
  for (let i = first; i < first + terms; i++) {
    sum = sodium.crypto_core_ristretto255_add(sum, product(at(scalars, i), at(elements, i)));
  }
  return sum;
}

function firstBad(elements: Bytes): number | undefined {
  for (let i = 0; i < elements.length / ELEMENT_BYTES; i++) {
    const element = at(elements, i);
    if (isZero(element) || !sodium.crypto_core_ristretto255_is_valid_point(element)) return i;
  }
  return undefined;
}

function packed(count: number, item: (i: number) => Bytes): Bytes {
  const all = new Uint8Array(ELEMENT_BYTES * count);
  for (let i = 0; i < count; i++) all.set(item(i), ELEMENT_BYTES * i);
  return all;
}
