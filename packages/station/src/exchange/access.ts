/** A collection as one caller sees it (TAXII 2.1 §5.2): an audience, in one direction. */
export interface TaxiiCollection {
  /** A UUID; the collection's name in the store too, unless another is given. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** Another name for it in addresses. */
  readonly alias?: string;
  /** Its name in the store, where that is not its id: callers who are told of the same one each see a part of their own. */
  readonly keptAs?: string;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

/** What a collection is called in the store. */
export function nameInStore({ id, keptAs = id }: TaxiiCollection): string {
  return keptAs;
}

/** Whoever presented a token that counts. */
export interface TaxiiPrincipal {
  /** The same for the same token; what it brings is kept under it. */
  readonly id: string;
  /** All that it may know of. To it there are no others. */
  readonly collections: readonly TaxiiCollection[];
}

/** Who may see what; it fails closed. */
export interface TaxiiAccess {
  /** `undefined` for a token that is unknown, was revoked, or is over: the caller is told the same about each. */
  principal(token: string): Promise<TaxiiPrincipal | undefined>;
}
