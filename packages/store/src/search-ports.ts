import type { Bytes } from "@detente/basics";
import type { IndexedItem, Page, PageRequest } from "./index-ports.ts";

/** A value, and how many items state it: of shares that stand, and of withdrawn ones, of which 1000 are counted at most. */
export interface FoundValue {
  readonly kind: string;
  readonly value: string;
  readonly stated: number;
  readonly withdrawn: number;
}

/** An item that states a value, and what its author wrote of it. */
export interface StatedItem extends IndexedItem {
  readonly isWithdrawn: boolean;
  readonly text?: string;
}

/**
 * Values of shares that stand: `under` a host name, itself among them; with an address from `first` to `last`, both as
 * in `NewItem`; or with a text of three characters at least inside them, in whatever case.
 */
export type ValueRange =
  | { readonly under: string }
  | { readonly first: Bytes; readonly last: Bytes }
  | { readonly inside: string };

/** One page; hand `next` back as `after`, with the same query. */
export interface ValuePage {
  readonly rows: readonly FoundValue[];
  readonly next?: string;
}

/** Where words were found: in what is written of an item, with the values that it has, or of a whole share. */
export interface FoundText {
  readonly share: Bytes;
  readonly item?: number;
  readonly text: string;
  readonly values: readonly IndexedItem[];
}

/** One page of what words are found in. */
export interface TextPage extends Page<FoundText> {
  /** Whether more words begin as the last one does than were looked for: it needs another letter. */
  readonly isCut: boolean;
}

/** An item whose value others state too. */
export interface SharedItem extends IndexedItem {
  /** Items of all shares that stand which state the value, this one among them. */
  readonly stated: number;
}

export interface WithdrawnShare {
  readonly share: Bytes;
  /** Undefined where the process ended while that changed. */
  readonly isWithdrawn: boolean | undefined;
}

/** Who states what: values found whichever way, each with its inverted list. */
export interface SearchReader {
  /** These values, of whatever kinds, also where all that stated them was withdrawn. */
  valuesNamed(values: readonly string[]): Promise<FoundValue[]>;
  /** `undefined` for an `after` that no page gave. */
  valuesIn(range: ValueRange, limit: number, after?: string): Promise<ValuePage | undefined>;
  /** Those who state a value, `limit` of them at most: first those whose shares stand, then in the order of indexing. */
  statedBy(value: Pick<FoundValue, "kind" | "value">, limit: number): Promise<StatedItem[]>;
  /**
   * Texts of shares that stand which have all these words, in whatever case; of the last its beginning is enough: that of
   * one of the first 16 words that begin so.
   */
  searchWords(text: string, page: PageRequest): Promise<TextPage>;
  /** Of a share that stands the items whose values are stated more than once. A page may be short, and not the last. */
  sharedItems(share: Bytes, page: PageRequest): Promise<Page<SharedItem>>;
  /** Reports that an item, or any of a share, was seen. */
  sightingCount(share: Bytes, item?: number): Promise<number>;
  /** Those that are withdrawn or have been. */
  withdrawnShares(): Promise<WithdrawnShare[]>;
}
