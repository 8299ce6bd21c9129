import {
  assert,
  type Bytes,
  compareBytes,
  concatBytes,
  err,
  type Fault,
  ok,
  type Result,
  sha256,
} from "@detente/basics";
import { firstAbove } from "./first-above.ts";
import { residue } from "./residue.ts";

export interface Weighted {
  /** Distinct bytes, such as canonical JSON of a batch's name. */
  readonly id: Bytes;
  /** A whole number, not negative. Together at most 2^37. */
  readonly weight: number;
}

const COUNTER_BYTES = 4;

/**
 * Draws `count` times with replacement, each item with a chance in proportion to its weight: draw i, from 0, is the item
 * in which the number SHA-256(seed ‖ i as 32 bits, big-endian) mod W falls, when the items lie side by side in the order
 * of their ids as bytes. So the order of files does not matter, and no chance is off by more than 2^−219. `seed` has 32
 * bytes. Gives indexes into `items`.
 */
export function drawWeighted(
  seed: Bytes,
  items: readonly Weighted[],
  count: number,
): Result<number[], Fault<"duplicate-id" | "no-weight">> {
  assert(seed.length === 32, "a seed has 32 bytes");
  const order = items.map((_, i) => i).sort((a, b) => compareBytes(idOf(items, a), idOf(items, b)));
  const twice = order.some(
    (at, i) => i > 0 && compareBytes(idOf(items, at), idOf(items, order[i - 1] as number)) === 0,
  );
  if (twice) return err("duplicate-id", "two items have the same id: name each once");
  const ends: number[] = [];
  let total = 0;
  for (const at of order) {
    const { weight } = items[at] as Weighted;
    assert(Number.isSafeInteger(weight) && weight >= 0, "a weight is a whole number");
    ends.push((total += weight));
  }
  if (total === 0 || total > 2 ** 37)
    return err("no-weight", `the weights sum to ${total}: 1 to 2^37 can be drawn from`);
  const counter = new Uint8Array(COUNTER_BYTES);
  const view = new DataView(counter.buffer);
  return ok(
    Array.from({ length: count }, (_, i) => {
      view.setUint32(0, i);
      const number = residue(sha256(concatBytes(seed, counter)), total);
      return order[firstAbove(ends, number)] as number;
    }),
  );
}

function idOf(items: readonly Weighted[], at: number): Bytes {
  return (items[at] as Weighted).id;
}
