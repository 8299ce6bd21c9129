import type { Bytes, Fault, Json, Result } from "@detente/basics";
import type { HashReader } from "@detente/tlog";
import type { CorruptFault, StorageFault } from "./faults.ts";

/** A head of a log: the tree's size and root, and the signed note that says so (the checkpoint as it is served). */
export interface LogHead {
  readonly size: number;
  readonly root: Bytes;
  readonly note: Bytes;
}

/** A tree that is staged but that no head covers yet. */
export interface StagedTree {
  readonly size: number;
  readonly root: Bytes;
}

export type StageFault = StorageFault | Fault<"closed">;

/**
 * - `stale-head`: the current head is not the expected one.
 * - `rewind`: the head is smaller than the current one.
 * - `conflicting-root`: the root is not that of the entries held here at this size.
 * - `not-staged`: the head covers entries that are not here.
 */
export type CommitFault = StageFault | Fault<"stale-head" | "rewind" | "conflicting-root" | "not-staged">;

/** What everyone may do with a log. Entries and tiles are those under the head; what is only staged is not shown. */
export interface LogReader {
  readonly head: LogHead | undefined;
  /** Entries under the head. */
  readonly size: number;
  /** The entry `index` < `size`. */
  entry(index: number): Promise<Bytes>;
  /** The entries [from, to), to ≤ `size`, in order. */
  entries(from: number, to: number): AsyncIterable<Bytes>;
  /** Nodes of the tree of the first `size` entries, staged ones allowed. */
  hashReader(size: number): HashReader;
  rootAt(size: number): Bytes;
  /** The tile (tlog-tiles) of `width` 1..256 hashes; `undefined` where the tree under the head has no such tile. */
  tile(level: number, index: number, width: number): Promise<Bytes | undefined>;
  /** The entry bundle (tlog-tiles) of `width` 1..256 entries; `undefined` where there is none. */
  entryBundle(index: number, width: number): Promise<Bytes | undefined>;
}

/** What the one writer of a log may do. */
export interface LogWriter extends LogReader {
  /** Entries held, staged ones included. */
  readonly stagedSize: number;
  /** Makes entries durable behind those already staged. No head covers them yet, so nobody has been promised them. */
  stage(entries: readonly Bytes[]): Promise<Result<StagedTree, StageFault>>;
  /** Forgets what is staged beyond the head. */
  discardStaged(): Promise<Result<void, StageFault>>;
  /** Compare-and-swap: durable when it resolves. `expectedSize` is that of the current head, 0 where there is none. */
  commitHead(head: LogHead, expectedSize: number): Promise<Result<void, CommitFault>>;
}

export interface BodyReader {
  has(digest: Bytes): boolean;
  /** The body with this SHA-256 digest. @throws StorageError where the disk gives other bytes than were written. */
  get(digest: Bytes): Promise<Bytes | undefined>;
}

export interface BodyWriter extends BodyReader {
  /** Makes bodies durable, all or none acknowledged; those already held cost nothing. Gives their digests in order. */
  put(bodies: readonly Bytes[]): Promise<Result<Bytes[], StageFault>>;
}

export type BlobFault = StorageFault | Fault<"too-large" | "wrong-size" | "wrong-digest" | "erased" | "source-failed">;

export interface Blob {
  readonly size: number;
  readonly content: AsyncIterable<Bytes>;
}

export interface BlobReader {
  has(digest: Bytes): Promise<boolean>;
  get(digest: Bytes): Promise<Blob | undefined>;
  /** Whether the blob was erased here, and so is not to be fetched again. */
  isErased(digest: Bytes): Promise<boolean>;
}

/** As they come, or all at hand already. */
export type Pieces = AsyncIterable<Bytes> | Iterable<Bytes>;

export interface BlobWriter extends BlobReader {
  /** Takes in a blob of a known digest and size, in pieces of any size; stops reading at the first byte too many. */
  put(digest: Bytes, size: number, content: Pieces): Promise<Result<void, BlobFault>>;
  /** Removes the content and leaves a tombstone; durable when it resolves. */
  erase(digest: Bytes): Promise<Result<void, StorageFault>>;
}

export type OpenFault = StorageFault | CorruptFault;

/** Two heads of a log that cannot both be true, with what shows it: verified by whoever reads it, not here. */
export interface Fraud {
  /** The log's origin. */
  readonly log: string;
  /** When it was found, in milliseconds since 1970. */
  readonly at: number;
  readonly proof: Bytes;
}

export interface Frauds {
  /** Keeps a fraud for ever; `false` where this very proof was kept already. */
  add(fraud: Fraud): Promise<boolean>;
  /** All, or those of one log; the oldest first. */
  list(log?: string): Promise<Fraud[]>;
}

/** What lets a machine use the station's interface. The secret itself is never kept. */
export interface Token {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly expires?: number;
}

export interface Tokens {
  add(token: Token, secret: string): Promise<void>;
  /** The token of this secret, unless it expired before `now` (milliseconds since 1970). */
  find(secret: string, now: number): Promise<Token | undefined>;
  revoke(id: string): Promise<boolean>;
  list(): Promise<Token[]>;
}

/** A set of small values by key. */
export interface Records {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** Sets and, for `undefined`, deletes: all of it or, after a crash, nothing. */
  change(changes: ReadonlyMap<string, Json | undefined>): Promise<void>;
  /** By key, in byte-wise order. */
  list(): Promise<[string, Json][]>;
}
