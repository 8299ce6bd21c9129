/** Items of shares on their way into what searches find. */
export interface ArrivingItems {
  /** Blobs that other parties have and this station has not; of their bytes, those that have come, and all. */
  readonly fetching: { readonly blobs: number; readonly bytes: number; readonly of: number };
  /** Shares whose items are here and not all in the index; of these items, those that are in, and all. */
  readonly indexing: { readonly shares: number; readonly items: number; readonly of: number };
  /** Whether searches are answered: not while they would miss items that were here when the station started. */
  readonly isSearchable: boolean;
}
