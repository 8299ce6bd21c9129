import { randomBytes } from "node:crypto";
import { present } from "@detente/basics";
import {
  createSieveScreener,
  ImageIndex,
  type IndexedItem,
  IndicatorImage,
  type RefusedItem,
  type Screener,
} from "@detente/screen";
import { loadSieve } from "../engine/load-sieve.ts";
import { IndicatorKeys } from "./indicator-keys.ts";

const SEED_BYTES = 8;

/** What is looked for: a set of indicators, the engine that looks for them, and what tells it from other sets. */
export class WatchList<Ref> {
  readonly index: ImageIndex<Ref>;
  /** Screens on the calling thread; `createEngine` has more of them. */
  readonly screener: Screener<Ref>;
  /** Items that were not taken: an indicator from a partner is checked here too, whoever checked it before. */
  readonly refused: readonly RefusedItem<Ref>[];
  readonly #items: readonly IndexedItem<Ref>[];
  #keys: IndicatorKeys | undefined;

  constructor(items: readonly IndexedItem<Ref>[]) {
    this.#items = items;
    const { image, refused } = IndicatorImage.build(
      loadSieve(),
      numbered(items),
      randomBytes(SEED_BYTES).readBigUInt64LE(),
    );
    this.index = new ImageIndex(image, (place) => this.refAt(place));
    this.screener = createSieveScreener(this.index);
    this.refused = refused.map((refusal) => ({ ...refusal, item: this.#itemAt(refusal.item.ref) }));
  }

  /** What the reference of an indicator in the list's image stands for. */
  refAt(place: number): Ref {
    return this.#itemAt(place).ref;
  }

  #itemAt(place: number): IndexedItem<Ref> {
    return present(this.#items[place], "an item of the list");
  }

  /** Its indicators, without those that are none of their kind. */
  get accepted(): readonly IndexedItem<Ref>[] {
    const refused = new Set(this.refused.map(({ item }) => item));
    return this.#items.filter((item) => !refused.has(item));
  }

  /** Worked out when first asked for, as that takes about as long as building the index. */
  get keys(): IndicatorKeys {
    return (this.#keys ??= IndicatorKeys.of(this.#items));
  }

  /** The same for the same set of indicators. */
  get version(): string {
    return this.keys.version;
  }

  /** Those of its indicators that another list did not have; `undefined` where there are none. */
  newSince(earlier: IndicatorKeys): WatchList<Ref> | undefined {
    const added = this.#items.filter((item) => !earlier.has(item));
    return added.length === 0 ? undefined : new WatchList(added);
  }
}

function* numbered(items: readonly IndexedItem<unknown>[]): Generator<IndexedItem<number>> {
  for (const [ref, { kind, value }] of items.entries()) yield { kind, value, ref };
}
