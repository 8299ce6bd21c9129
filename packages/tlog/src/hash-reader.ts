import type { Bytes } from "@detente/basics";

/**
 * Gives the hash of a *complete* subtree: the node of height `level` that covers the leaves
 * [index · 2^level, (index + 1) · 2^level). Synchronous: whoever must fetch, fetches first (see `TileReader`).
 */
export type HashReader = (level: number, index: number) => Bytes;
