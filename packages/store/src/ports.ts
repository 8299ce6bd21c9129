import type { Bytes, Fault, Json, Result } from "@detente/basics";
import type { HashReader } from "@detente/tlog";
import type { CorruptFault, StorageFault } from "./faults.ts";
import type { Claim, NewVersion } from "./version-ports.ts";

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

/** A statement as it is looked up. What a narrower audience's statement says is indexed where its body is held. */
export interface IndexedStatement {
  /** The log's origin, and the place in it. */
  readonly log: string;
  readonly index: number;
  readonly leafHash: Bytes;
  readonly author: string;
  readonly type: string;
  /** Known once the body is. */
  readonly kind?: string;
  /** The author's claim, in milliseconds since 1970. */
  readonly at: number;
  /** SHA-256 of the body; none for an observation of heads. */
  readonly body?: Bytes;
}

/** An indicator that a share holds; an object in a share of objects may name several. */
export interface IndexedItem {
  /** Leaf hash of the share. */
  readonly share: Bytes;
  /** Place in the share's collection. */
  readonly item: number;
  readonly kind: string;
  /** In canonical form. */
  readonly value: string;
  /** When it expires, milliseconds since 1970. */
  readonly until?: number;
}

/** An item as it is put into the index, with what it is found by beside its value. */
export interface NewItem extends IndexedItem {
  /** The host name that the value is, or leads to. */
  readonly host?: string;
  /** An address, or a network's first: its family (4 or 6) in one byte, then its 4 or 16 bytes. */
  readonly address?: Bytes;
}

/** What an author wrote of an item, whether or not that has values, or of a whole share. */
export interface NewText {
  readonly share: Bytes;
  readonly item?: number;
  readonly text: string;
}

/** A report that an item was seen; one for each statement that says so. */
export interface IndexedSighting {
  readonly log: string;
  readonly index: number;
  readonly author: string;
  readonly share: Bytes;
  readonly item: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** How far the items of a share are in the index. */
export interface IndexedShare {
  /** Leaf hash. */
  readonly share: Bytes;
  /** So many items of its collection, from the first one on, have been looked at. */
  readonly items: number;
  /** Whether these are all. */
  readonly isWhole: boolean;
}

export interface IndexBatch {
  readonly statements?: readonly IndexedStatement[];
  readonly versions?: readonly NewVersion[];
  readonly items?: readonly NewItem[];
  readonly texts?: readonly NewText[];
  readonly sightings?: readonly IndexedSighting[];
  /** How far this batch brings a share. */
  readonly reached?: IndexedShare;
}

export interface IndexWriter {
  /**
   * Adds all or nothing. What is there already is replaced, so a batch may be repeated or completed later; all values of
   * one item come in one batch, one after another.
   */
  add(batch: IndexBatch): Promise<void>;
  /** Forgets the items of a share: afterwards nothing of them is in any file of the index. */
  removeItems(share: Bytes): Promise<void>;
  /** Takes the items of a share out of what is found, but by their very values, or back in. */
  setWithdrawn(share: Bytes, isWithdrawn: boolean): Promise<void>;
  /** Whether the versions that a statement claims count among its author's; until this is called they do not. */
  setStanding(claim: Claim, isStanding: boolean): Promise<void>;
}

/** One page, and where the next one begins: hand `next` back as `after`. No `next`: this was the last. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next?: number;
}

export interface PageRequest {
  /** 1..1000 rows. */
  readonly limit: number;
  readonly after?: number;
}

export interface StatementQuery extends PageRequest {
  readonly log?: string;
  readonly author?: string;
  readonly type?: string;
  readonly kind?: string;
}

export interface ItemQuery extends PageRequest {
  readonly text: string;
  /** `substring` takes no notice of case; the others compare with the canonical value. */
  readonly match: "exact" | "prefix" | "suffix" | "substring";
  readonly kind?: string;
}

export interface IndexReader {
  /** How many of a log's statements are indexed, given that they are added in order. */
  indexedSize(log: string): Promise<number>;
  statement(log: string, index: number): Promise<IndexedStatement | undefined>;
  /** The statements with this leaf: more than one where parties said the very same. */
  statementsByLeaf(leafHash: Bytes): Promise<IndexedStatement[]>;
  /** Undefined where nothing of the share is here. */
  indexedShare(share: Bytes): Promise<IndexedShare | undefined>;
  /** In the order in which they were indexed. */
  statements(query: StatementQuery): Promise<Page<IndexedStatement>>;
  /** The items whose value matches, in the order in which they were indexed. */
  searchItems(query: ItemQuery): Promise<Page<IndexedItem>>;
  /** The items of a share that stand: where it was not withdrawn, and its author has not replaced them. */
  standingItems(share: Bytes, page: PageRequest): Promise<Page<IndexedItem>>;
  /** Of one item, or of all items of a share, in log order. */
  sightings(share: Bytes, item?: number): Promise<IndexedSighting[]>;
}
