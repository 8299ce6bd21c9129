import { CAPACITY, INPUT, OUTPUT, SCALARS } from "./batch";
import {
  fromMontgomery,
  invertMontgomery,
  montgomery,
  reduceWide,
  Scalar,
  subtractProduct,
  toMontgomery,
} from "./scalar";

const product: Scalar = memory.data(32, 16);
const factor: Scalar = memory.data(32, 16);

/** Reduces `count` strings of 64 bytes to scalars. */
export function reduceAll(count: i32): void {
  for (let i = 0; i < count; i++) reduceWide(OUTPUT + 32 * i, INPUT + 64 * i);
  wipe();
}

/** The first scalar less the product of the other two. */
export function subtractOne(): void {
  subtractProduct(OUTPUT, SCALARS, SCALARS + 32, SCALARS + 64);
  wipe();
}

/**
 * Inverts `count` scalars, none zero, with one inversion (Montgomery, "Speeding the Pollard and elliptic curve methods
 * of factorization", 1987, §10.3.1): OUTPUT first takes the products of all scalars before each.
 */
export function invertAll(count: i32): void {
  toMontgomery(SCALARS, SCALARS);
  memory.copy(product, SCALARS, 32);
  for (let i = 1; i < count; i++) {
    toMontgomery(SCALARS + 32 * i, SCALARS + 32 * i);
    memory.copy(OUTPUT + 32 * i, product, 32);
    montgomery(product, product, SCALARS + 32 * i);
  }
  invertMontgomery(product, product);
  for (let i = count - 1; i > 0; i--) {
    montgomery(factor, product, OUTPUT + 32 * i);
    fromMontgomery(OUTPUT + 32 * i, factor);
    montgomery(product, product, SCALARS + 32 * i);
  }
  fromMontgomery(OUTPUT, product);
  wipe();
}

/** What the host wrote is secret and not needed any more. */
function wipe(): void {
  memory.fill(INPUT, 0, 64 * CAPACITY);
  memory.fill(SCALARS, 0, 32 * CAPACITY);
}
