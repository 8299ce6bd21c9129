import { fromHex, present } from "@detente/basics";
import type { IndexedItem } from "@detente/screen";
import type { IndexReader } from "@detente/store";
import { WatchList } from "@detente/telemetry";
import { type StandingShare, standingShares } from "../standing-shares.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { ItemOfShare } from "./tally.ts";
import type { WatchedSource } from "./watched-source.ts";
import { turn } from "../turn.ts";

export type ShareWatchList = WatchList<ItemOfShare>;

const PAGE = 1000;

/** What each source is screened for: all that is in effect, was not withdrawn, and is wanted by its settings. */
export class WatchLists {
  readonly #index: IndexReader;
  readonly #party: string;
  readonly #lists = new Map<string, ShareWatchList>();
  #standing: ReadonlyMap<string, StandingShare> = new Map();
  #items: readonly IndexedItem<ItemOfShare>[] = [];
  #made: string | undefined;

  /** @param party whose own indicators are not looked for unless a source says so */
  constructor(index: IndexReader, party: string) {
    this.#index = index;
    this.#party = party;
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
    const state = JSON.stringify(shares);
    if (state === this.#made) return;
    const items: IndexedItem<ItemOfShare>[] = [];
    for (const [share, party] of shares) await this.#read(share, party, items);
    this.#items = items;
    this.#lists.clear();
    this.#made = state;
  }

  /** The shares whose items are here, with their parties. */
  async #indexed(): Promise<[share: string, party: string][]> {
    const indexed: [string, string][] = [];
    for (const { leafHash, party } of this.#standing.values()) {
      const { rows } = await this.#index.itemsOf(bytesOf(leafHash), { limit: 1 });
      if (rows.length > 0) indexed.push([leafHash, party]);
    }
    return indexed;
  }

  async #read(share: string, party: string, into: IndexedItem<ItemOfShare>[]): Promise<void> {
    let after: number | undefined;
    do {
      const page = await this.#index.itemsOf(bytesOf(share), {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const { kind, value, item } of page.rows) {
        into.push({ kind: kind as IndexedItem<ItemOfShare>["kind"], value, ref: { party, share, index: item } });
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
