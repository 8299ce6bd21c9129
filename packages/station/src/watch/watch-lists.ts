import { fromHex, present } from "@detente/basics";
import { isExpired } from "@detente/record";
import type { IndexedItem } from "@detente/screen";
import { type IndexStore, turn } from "@detente/store";
import { WatchList } from "@detente/telemetry";
import { type StandingShare, standingShares } from "../standing-shares.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { ItemOfShare } from "./tally.ts";
import type { WatchedSource } from "./watched-source.ts";

export type ShareWatchList = WatchList<ItemOfShare>;

const PAGE = 1000;
/** Lists are made anew for what has expired no more often than this: a share may have a million moments of expiry. */
const EXPIRY_MS = 60_000;

type ExpiringItem = IndexedItem<ItemOfShare> & { readonly until?: number };

/**
 * What each source is screened for: all that is in effect, was not withdrawn or replaced, has not expired for a minute,
 * and is wanted by its settings.
 */
export class WatchLists {
  readonly #index: Pick<IndexStore, "reader" | "versions">;
  readonly #party: string;
  readonly #now: () => number;
  readonly #lists = new Map<string, ShareWatchList>();
  #standing: ReadonlyMap<string, StandingShare> = new Map();
  #items: readonly ExpiringItem[] = [];
  /** When the next of the items expires. */
  #expiry: number = Number.POSITIVE_INFINITY;
  #made: string | undefined;

  /**
   * @param party whose own indicators are not looked for unless a source says so
   * @param now milliseconds since 1970
   */
  constructor(index: Pick<IndexStore, "reader" | "versions">, party: string, now: () => number) {
    this.#index = index;
    this.#party = party;
    this.#now = now;
  }

  /** Whether `refresh` was done at least once. */
  get isReady(): boolean {
    return this.#made !== undefined;
  }

  /** A share that is in effect and was not withdrawn, when it was last looked. */
  standing(share: string): StandingShare | undefined {
    return this.#standing.get(share);
  }

  /** The list of a source: the same object until what it holds has changed. */
  of(source: WatchedSource): ShareWatchList {
    if (this.#expiry <= this.#now()) this.#use(this.#items);
    const { parties, shares } = source;
    const wanted = JSON.stringify([parties, shares]);
    const known = this.#lists.get(wanted);
    if (known !== undefined) return known;
    const isWanted = ({ party, share }: ItemOfShare): boolean =>
      (parties === undefined ? party !== this.#party : parties.includes(party)) && (shares?.includes(share) ?? true);
    const list = new WatchList(this.#items.filter(({ ref }) => isWanted(ref)));
    this.#lists.set(wanted, list);
    return list;
  }

  /** Takes up what has taken effect and drops what was withdrawn; does nothing where nothing has changed. */
  async refresh(unit: UnitRuntime): Promise<void> {
    this.#standing = new Map([...standingShares(unit)].map((share) => [share.leafHash, share]));
    const shares = await this.#indexed();
    const state = JSON.stringify([this.#index.versions.revision(), shares]);
    if (state === this.#made) return;
    const items: ExpiringItem[] = [];
    for (const [share, party] of shares) await this.#read(share, party, items);
    this.#use(items);
    this.#made = state;
  }

  /** Keeps what has not expired, until something has. */
  #use(items: readonly ExpiringItem[]): void {
    const now = this.#now();
    this.#items = items.filter((item) => !isExpired(item, now));
    const next = this.#items.reduce((least, { until = least }) => Math.min(least, until), Number.POSITIVE_INFINITY);
    this.#expiry = Math.ceil(next / EXPIRY_MS) * EXPIRY_MS;
    this.#lists.clear();
  }

  /** The shares all of whose items are here, with their parties. */
  async #indexed(): Promise<[share: string, party: string][]> {
    const indexed: [string, string][] = [];
    for (const { leafHash, party } of this.#standing.values()) {
      const known = await this.#index.reader.indexedShare(bytesOf(leafHash));
      if (known?.isWhole === true) indexed.push([leafHash, party]);
    }
    return indexed;
  }

  async #read(share: string, party: string, into: ExpiringItem[]): Promise<void> {
    let after: number | undefined;
    do {
      const page = await this.#index.reader.standingItems(bytesOf(share), {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const { kind, value, until, item } of page.rows) {
        const ref = { party, share, index: item };
        into.push({ kind: kind as ExpiringItem["kind"], value, ref, ...(until === undefined ? {} : { until }) });
      }
      after = page.next;
      // The index answers at once, so that nobody else would have a turn in a list of a million.
      await turn();
    } while (after !== undefined);
  }
}

function bytesOf(share: string): Uint8Array {
  return present(fromHex(share), "a leaf hash");
}
