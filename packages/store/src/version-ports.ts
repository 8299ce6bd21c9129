import type { Bytes } from "@detente/basics";

/** A statement by which the author of a log shared objects. */
export interface Claim {
  /** The log's origin, and the place in it. */
  readonly log: string;
  readonly index: number;
  /** Leaf hash. One statement makes a share. */
  readonly share: Bytes;
}

/** A version of an object, as a share has it: of each object the one that counts in that share. */
export interface NewVersion extends Claim {
  readonly item: number;
  /** The object's id, the same for all its versions. */
  readonly object: string;
  /** Greater, byte by byte, for a newer one. */
  readonly version: string;
  /** SHA-256 of its bytes: the same version shared again in the same bytes is no other one. */
  readonly content: Bytes;
  readonly isRevoked: boolean;
}

/** An item of a share whose author has stated a newer version of it in another share that stands. */
export interface ReplacedItem {
  readonly item: number;
  readonly by: NewerVersion;
}

export interface NewerVersion {
  readonly share: Bytes;
  readonly item: number;
  readonly version: string;
  readonly isRevoked: boolean;
}

export interface KnownClaim extends Claim {
  /** Whether its versions count; undefined where the process ended while that changed. */
  readonly isStanding: boolean | undefined;
}

/** What the index knows of versions. */
export interface VersionReader {
  claims(): Promise<KnownClaim[]>;
  /** The items of a share of which its author has a newer version elsewhere, in order: `limit` of them from one on. */
  replacedItems(share: Bytes, from: number, limit: number): Promise<ReplacedItem[]>;
  /** Grows whenever an item begins or ceases to stand, while the index is open. */
  revision(): number;
}
