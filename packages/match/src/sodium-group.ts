import { type Bytes, concatBytes, ok, type Result, sha512 } from "@detente/basics";
import sodium, { ready } from "libsodium-wrappers-sumo";
import {
  at,
  badElement,
  type BadElement,
  BASE,
  bytesOf,
  type Decoded,
  ELEMENT_BYTES,
  type Elements,
  type Group,
  isZero,
  scalarFor,
  type Term,
  UNIFORM_BYTES,
} from "./group.ts";

/** The group by libsodium: audited, constant-time, and the measure of the kernel. */
export async function sodiumGroup(): Promise<Group> {
  await ready;
  return new SodiumGroup();
}

class SodiumGroup implements Group {
  decode(elements: Bytes): Result<Decoded, BadElement> {
    const bad = firstBad(elements);
    return bad === undefined ? ok({ bytes: elements }) : badElement(bad);
  }

  fromUniform(uniform: Bytes): Bytes {
    return packed(uniform.length / UNIFORM_BYTES, (i) => mapped(uniform, i));
  }

  multiply(elements: Elements, scalars: Bytes): Result<Bytes, BadElement> {
    const decoded = this.#decoded(elements);
    if (!decoded.ok) return decoded;
    const { bytes } = decoded.value;
    return ok(packed(bytes.length / ELEMENT_BYTES, (i) => product(scalarFor(scalars, i), at(bytes, i))));
  }

  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return packed(uniform.length / UNIFORM_BYTES, (i) => product(scalarFor(scalars, i), mapped(uniform, i)));
  }

  addToUniform(uniform: Bytes, scalars: Bytes): Bytes {
    return packed(uniform.length / UNIFORM_BYTES, (i) =>
      sodium.crypto_core_ristretto255_add(mapped(uniform, i), product(at(scalars, i), BASE)),
    );
  }

  subtractMultiples(elements: Elements, base: Bytes, scalars: Bytes): Result<Bytes, BadElement> {
    const decoded = this.#decoded(elements);
    if (!decoded.ok) return decoded;
    const { bytes } = decoded.value;
    return ok(
      packed(bytes.length / ELEMENT_BYTES, (i) =>
        sodium.crypto_core_ristretto255_sub(at(bytes, i), product(at(scalars, i), base)),
      ),
    );
  }

  sums(sums: readonly (readonly Term[])[]): Result<Bytes, BadElement> {
    for (const [element] of sums.flat()) {
      const decoded = this.#decoded(element);
      if (!decoded.ok) return decoded;
    }
    return ok(packed(sums.length, (i) => sumOf(sums[i] ?? [])));
  }

  combine(elements: Elements, scalars: Bytes): Result<Bytes, BadElement> {
    const decoded = this.#decoded(elements);
    if (!decoded.ok) return decoded;
    const { bytes } = decoded.value;
    const terms = Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, i): Term => [at(bytes, i), at(scalars, i)]);
    return ok(sumOf(terms));
  }

  reduce(wide: Bytes): Bytes {
    return packed(wide.length / UNIFORM_BYTES, (i) =>
      sodium.crypto_core_ristretto255_scalar_reduce(wide.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1))),
    );
  }

  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes {
    return sodium.crypto_core_ristretto255_scalar_sub(minuend, sodium.crypto_core_ristretto255_scalar_mul(a, b));
  }

  sha512(messages: readonly (readonly Bytes[])[]): Bytes {
    return concatBytes(...messages.map((parts) => sha512(concatBytes(...parts))));
  }

  #decoded(elements: Elements): Result<Decoded, BadElement> {
    return elements instanceof Uint8Array ? this.decode(elements) : ok(elements);
  }
}

function mapped(uniform: Bytes, i: number): Bytes {
  return sodium.crypto_core_ristretto255_from_hash(uniform.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1)));
}

/** libsodium refuses a product that is the identity, as it is for the scalar zero and for nothing else among good input. */
function product(scalar: Bytes, element: Bytes): Bytes {
  if (isZero(scalar) || isZero(element)) return new Uint8Array(ELEMENT_BYTES);
  if (element === BASE) return sodium.crypto_scalarmult_ristretto255_base(scalar);
  return sodium.crypto_scalarmult_ristretto255(scalar, element);
}

function sumOf(terms: readonly Term[]): Bytes {
  let sum: Bytes | undefined;
  for (const [element, scalar] of terms) {
    const term = product(scalar, bytesOf(element));
    sum = sum === undefined ? term : sodium.crypto_core_ristretto255_add(sum, term);
  }
  return sum ?? new Uint8Array(ELEMENT_BYTES);
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
