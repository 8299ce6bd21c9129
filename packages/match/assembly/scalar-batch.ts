import { INPUT, OUTPUT, SCALARS } from "./batch";
import { reduceWide, subtractProduct } from "./scalar";

/** Reduces `count` strings of 64 bytes to scalars. What the host wrote is secret and wiped, here and below. */
export function reduceAll(count: i32): void {
  for (let i = 0; i < count; i++) reduceWide(OUTPUT + 32 * i, INPUT + 64 * i);
  memory.fill(INPUT, 0, 64 * <usize>count);
}

/** The first scalar less the product of the other two. */
export function subtractOne(): void {
  subtractProduct(OUTPUT, SCALARS, SCALARS + 32, SCALARS + 64);
  memory.fill(SCALARS, 0, 96);
}
