import { assert, type Bytes } from "@detente/basics";
import { isCount } from "./bits.ts";
import type { HashReader } from "./hash-reader.ts";
import { emptyRoot } from "./hash.ts";
import { rangeHash } from "./range-hash.ts";

/**
 * The Merkle tree hash of the first `size` leaves (RFC 6962 §2.1). Reads one hash for each bit set in `size`.
 * @throws where `size` is not an integer of 0..2^53-1
 */
export function treeRoot(size: number, reader: HashReader): Bytes {
  assert(isCount(size), `tree size ${size} is an integer of 0..2^53-1`);
  return size === 0 ? emptyRoot : rangeHash(0, size, reader);
}
