import type { Bytes } from "@detente/basics";
import { bitLength, powerOfTwo } from "./bits.ts";
import type { HashReader } from "./hash-reader.ts";
import { nodeHash } from "./hash.ts";

/**
 * The Merkle tree hash of the leaves [start, end), at least one, where `start` is a multiple of the smallest power of
 * two that is not below `end - start`: only then do its complete subtrees stand at whole indexes.
 */
export function rangeHash(start: number, end: number, reader: HashReader): Bytes {
  const level = bitLength(end - start) - 1;
  const width = powerOfTwo(level);
  if (start + width === end) return reader(level, start / width);
  const edge = reader.edge?.size === end ? reader.edge.hashes : undefined;
  const known = edge?.get(start);
  if (known !== undefined) return known.slice(); // A copy, as readers give.
  const hash = nodeHash(reader(level, start / width), rangeHash(start + width, end, reader));
  edge?.set(start, hash.slice());
  return hash;
}
