import type { Bytes, Fault, Result } from "@detente/basics";

/**
 * Gets what is stored at a path below a log's prefix, decompressed. `not-found`: the source says that it has no such
 * thing; `unavailable`: it did not answer. The caller bounds time and size (see `MAX_BUNDLE_SIZE`).
 */
export type FetchTile = (path: string) => Promise<Result<Bytes, Fault<"not-found" | "unavailable">>>;

/**
 * Why tiles could not be used: `missing` (the source has neither the partial nor the full tile), `unavailable` (it did
 * not answer), `malformed` (not the bytes of a tile or bundle), `root-mismatch` (well formed, but not what stands under
 * the trusted root: the source is wrong, or the checkpoint is another log's).
 */
export type TileFault = Fault<"missing" | "unavailable" | "malformed" | "root-mismatch">;
