import { createHash } from "node:crypto";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { matchKey } from "@detente/intel/canonical";
import type { IndexedItem } from "@detente/screen";

type Key = Pick<IndexedItem<unknown>, "kind" | "value">;

const KEY_BYTES = 8;
const MAGIC = Buffer.from("detente indicator keys 1\n");

/**
 * Which indicators a list has, in eight bytes each: enough to tell those that were added to it later. Two indicators
 * share their bytes by chance once in 10^5 lists of ten million. Whoever makes them so on purpose hides only one of
 * his own two: to find one that hides somebody else's takes 2^64 attempts.
 */
export class IndicatorKeys {
  readonly #sorted: BigUint64Array;
  /** The same for the same set of indicators, whatever their order. */
  readonly version: string;

  private constructor(sorted: BigUint64Array) {
    this.#sorted = sorted;
    this.version = createHash("sha256").update(bytesOf(sorted)).digest("hex").slice(0, 16);
  }

  static of(items: readonly Key[]): IndicatorKeys {
    const sorted = BigUint64Array.from(items, keyOf).sort();
    return new IndicatorKeys(sorted.filter((key, i) => key !== sorted[i - 1]));
  }

  static decode(bytes: Uint8Array): Result<IndicatorKeys, Fault<"not-keys">> {
    const keys = bytes.subarray(MAGIC.length);
    if (!MAGIC.equals(bytes.subarray(0, MAGIC.length)) || keys.length % KEY_BYTES !== 0) {
      return err("not-keys", "is no list of indicator keys");
    }
    const sorted = new BigUint64Array(keys.length / KEY_BYTES);
    new Uint8Array(sorted.buffer).set(keys);
    return ok(new IndicatorKeys(sorted));
  }

  encode(): Uint8Array {
    return Buffer.concat([MAGIC, bytesOf(this.#sorted)]);
  }

  has(item: Key): boolean {
    const key = keyOf(item);
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as bigint) < key) low = middle + 1;
      else high = middle;
    }
    return this.#sorted[low] === key;
  }
}

function keyOf({ kind, value }: Key): bigint {
  return createHash("sha256")
    .update(`${kind} ${matchKey(kind, value)}`)
    .digest()
    .readBigUInt64LE();
}

function bytesOf(keys: BigUint64Array): Uint8Array {
  return new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
}
