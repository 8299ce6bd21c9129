import { type Bytes, err, type Fault, fromHex, present, type Result } from "@detente/basics";

/** An element or a scalar in its one encoding (RFC 9496 §4.3.2; RFC 9497 §4.1). */
export const ELEMENT_BYTES = 32;
export const SCALAR_BYTES = 32;
/** What an element or a scalar is derived from without bias (RFC 9496 §4.3.4, RFC 9497 §4.1). */
export const UNIFORM_BYTES = 64;

/** The generator (RFC 9496, appendix A.1). */
export const BASE: Bytes = constant("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");

/** The order of the group, 2^252 + 27742317777372353535851937790883648493, little-endian. */
const ORDER: Bytes = constant("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

const ZERO: Bytes = new Uint8Array(SCALAR_BYTES);
const ONE: Bytes = Uint8Array.from(ZERO, (_, i) => (i === 0 ? 1 : 0));

export type BadElement = Fault<"bad-element">;

/**
 * Elements that were found to be some. A backend keeps with them what it would otherwise work out again each time; its own
 * and another's are interchangeable.
 */
export interface Decoded {
  /** Packed, as they were encoded. */
  readonly bytes: Bytes;
}

/** Packed elements, looked at when they are used, or decoded before. */
export type Elements = Bytes | Decoded;

/** An element, one alone, and the scalar that it is multiplied by. */
export type Term = readonly [element: Elements, scalar: Bytes];

/**
 * ristretto255 (RFC 9496), many at a time: n elements are n × 32 bytes, one after the other, and so are scalars. Scalars
 * are below the group's order and may be secret: no backend branches or indexes by them, save in `combine`.
 */
export interface Group {
  /** Refuses what is no canonical encoding, and the identity. For elements that are used more than once. */
  decode(elements: Bytes): Result<Decoded, BadElement>;
  /** The one-way map of RFC 9496 §4.3.4, from n × 64 uniform bytes. */
  fromUniform(uniform: Bytes): Bytes;
  /** Each element times its scalar, or times the only one. Refuses what `decode` refuses. */
  multiply(elements: Elements, scalars: Bytes): Result<Bytes, BadElement>;
  /** `fromUniform`, then `multiply`: without writing the elements out in between. */
  multiplyUniform(uniform: Bytes, scalars: Bytes): Bytes;
  /** `fromUniform`, then to each its scalar times the generator is added. */
  addToUniform(uniform: Bytes, scalars: Bytes): Bytes;
  /** Each element less its scalar times `base`, a public element. Refuses what `decode` refuses. */
  subtractMultiples(elements: Elements, base: Bytes, scalars: Bytes): Result<Bytes, BadElement>;
  /**
   * Up to four sums of a few terms, which may be the identity, packed; together they cost hardly more than one. Refuses
   * what `decode` refuses. Beside the generator (`BASE` itself) and `base` there are up to two elements in all, and what
   * one has cost it does not cost again right afterwards.
   * @param base a public element of many calls, such as a key: its multiples are kept
   */
  sums(sums: readonly (readonly Term[])[], base?: Bytes): Result<Bytes, BadElement>;
  /** Σ scalar_i · element_i, which may be the identity. For public scalars only: its time depends on them. */
  combine(elements: Elements, scalars: Bytes): Result<Bytes, BadElement>;
  /** n × 64 bytes, little-endian, modulo the order. */
  reduce(wide: Bytes): Bytes;
  /** minuend − a·b modulo the order; one scalar each. */
  subtractProduct(minuend: Bytes, a: Bytes, b: Bytes): Bytes;
  /** SHA-512, the suite's hash (RFC 9497 §4.1), of many messages, each in parts: n × 64 bytes. */
  sha512(messages: readonly (readonly Bytes[])[]): Bytes;
}

/** So many of the elements, from the first on. */
export function firstOf(elements: Decoded, count: number): Decoded {
  return { ...elements, bytes: elements.bytes.subarray(0, ELEMENT_BYTES * count) };
}

/** The bytes of elements, decoded or not. */
export function bytesOf(elements: Elements): Bytes {
  return elements instanceof Uint8Array ? elements : elements.bytes;
}

/** The i-th of the elements or scalars in `packed`, as a view. */
export function at(packed: Bytes, i: number): Bytes {
  return packed.subarray(ELEMENT_BYTES * i, ELEMENT_BYTES * (i + 1));
}

/** The scalar for the i-th element, where one scalar may be for all. */
export function scalarFor(scalars: Bytes, i: number): Bytes {
  return scalars.length === SCALAR_BYTES ? scalars : at(scalars, i);
}

export function badElement(index: number): ReturnType<typeof err<"bad-element">> {
  return err("bad-element", `element ${index}: not the canonical encoding of a ristretto255 element, or the identity`);
}

/** Whether 32 bytes from outside are a scalar: below the order, little-endian. Of public scalars only: it branches. */
export function isScalar(bytes: Bytes): boolean {
  if (bytes.length !== SCALAR_BYTES) return false;
  for (let i = SCALAR_BYTES - 1; i >= 0; i--) {
    const difference = (bytes[i] as number) - (ORDER[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** a·b modulo the order. */
export function multiplied(group: Group, a: Bytes, b: Bytes): Bytes {
  const negated = group.subtractProduct(ZERO, a, ONE);
  return group.subtractProduct(ZERO, negated, b);
}

/** Looks at every byte, whatever those before are: of secret scalars too. */
export function isZero(bytes: Bytes): boolean {
  return bytes.reduce((any, byte) => any | byte, 0) === 0;
}

function constant(hex: string): Bytes {
  return present(fromHex(hex), "hexadecimal");
}
