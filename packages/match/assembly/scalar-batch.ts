import { CAPACITY, INPUT, OUTPUT, SCALARS } from "./batch";
import { reduceWide, subtractProduct } from "./scalar";

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

/** What the host wrote is secret and not needed any more. */
function wipe(): void {
  memory.fill(INPUT, 0, 64 * CAPACITY);
  memory.fill(SCALARS, 0, 32 * CAPACITY);
}
