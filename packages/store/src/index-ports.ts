import type { Bytes } from "@detente/basics";
import type { Claim, NewVersion } from "./version-ports.ts";

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
