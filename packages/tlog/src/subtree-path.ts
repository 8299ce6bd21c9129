import type { Bytes } from "@detente/basics";
import { splitPoint } from "./bits.ts";
import type { HashReader } from "./hash-reader.ts";
import { rangeHash } from "./range-hash.ts";

/**
 * The way from the root of the leaves [lo, hi) down to the subtree [start, end), as the recursion of
 * draft-ietf-plants-merkle-tree-certs §4.4.1 walks it. Inclusion (RFC 6962 §2.1.1) is the way to [i, i + 1),
 * consistency (§2.1.2) the way to [0, m): every proof of this package is made and verified along such a path.
 */
export interface SubtreePath {
  /** What stands beside the way, from the root down. */
  readonly siblings: readonly Sibling[];
  /** The node where the way ends: [start, end) itself, or its right-most part where it had to be split. */
  readonly last: { readonly lo: number; readonly hi: number };
  /** Whether [start, end) is no node of the tree, so that the proof begins with the hash of `last`. */
  readonly split: boolean;
}

export interface Sibling {
  readonly lo: number;
  readonly hi: number;
  readonly side: "left" | "right";
  /** Whether the sibling is a part of [start, end), and so of its hash as well as of the root. */
  readonly inside: boolean;
}

/** `lo ≤ start < end ≤ hi`, and [start, end) is a subtree as `isSubtree` defines it. */
export function subtreePath(start: number, end: number, lo: number, hi: number): SubtreePath {
  const siblings: Sibling[] = [];
  let from = start;
  while (from !== lo || end !== hi) {
    const middle = lo + splitPoint(hi - lo);
    if (end <= middle) {
      siblings.push({ lo: middle, hi, side: "right", inside: false });
      hi = middle;
    } else {
      const inside = from < middle;
      siblings.push({ lo, hi: middle, side: "left", inside });
      if (inside) from = middle;
      lo = middle;
    }
  }
  return { siblings, last: { lo, hi }, split: from !== start };
}

/** The hashes beside a path, the deepest first. */
export function proofAlong(path: SubtreePath, reader: HashReader): Bytes[] {
  const proof: Bytes[] = path.split ? [rangeHash(path.last.lo, path.last.hi, reader)] : [];
  for (let i = path.siblings.length - 1; i >= 0; i--) {
    const sibling = path.siblings[i] as Sibling;
    proof.push(rangeHash(sibling.lo, sibling.hi, reader));
  }
  return proof;
}
