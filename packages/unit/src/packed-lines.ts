import type { Bytes, Result } from "@detente/basics";
import { type PlainLeaf, STATEMENT_TYPES } from "@detente/record";
import type { BundleLine, BundleLineFault } from "./bundle-format.ts";
import type { BodyReading, LeafReading } from "./reading.ts";

/**
 * Lines of a record file with nearly all done that can be done to each by itself: decoded, digested and, where they are
 * as most are, read. What one thread hands to another of the same process, which trusts it; no format for files.
 */
export interface PackedLines {
  /** Record after record: its form (`RECORD`), then its parts, numbers in four bytes, little-endian. */
  readonly records: Bytes;
  /** The contents of the plain bodies, in their order, a comma behind each: parsing them at once is cheaper. */
  readonly contents: Bytes;
}

/** A line, as far as it can be judged by itself. */
export type PackedLine =
  | { readonly form: "entry"; readonly leafHash: Bytes; readonly reading: LeafReading }
  | { readonly form: "body"; readonly digest: Bytes; readonly reading: BodyReading }
  | { readonly form: "blob"; readonly digest: Bytes }
  | { readonly form: "other"; readonly line: Result<BundleLine, BundleLineFault> };

export const RECORD = {
  /** Leaf hash, size of the body, type (one byte), number of hashes (one byte), hashes. */
  plainEntry: 0,
  /** Leaf hash, length, leaf. */
  entry: 1,
  /** Digest, size, name (one byte), length of the origin (one byte), the origin, number of references (one byte), references, length of the content. */
  plainBody: 2,
  /** Digest, length, body. */
  body: 3,
  /** Digest. */
  blob: 4,
  /** Length, line. */
  line: 5,
  tooLong: 6,
} as const;

/** Types of leaves, by their byte in a record. */
export const LEAF_TYPES: readonly PlainLeaf["type"][] = [...STATEMENT_TYPES, "sealed"];
export const HASH_SIZE = 32;
