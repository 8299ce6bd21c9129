import type { Fault } from "@detente/basics";

/**
 * Why a proof was rejected: `range` (an index or a size that cannot be), `proof-length` (more or fewer hashes than
 * these sizes need), `hash-length` (a hash that is not 32 bytes), `root-mismatch` (all well formed, and not true).
 */
export type ProofFault = Fault<"range" | "proof-length" | "hash-length" | "root-mismatch">;
