import { buildIndicatorIndex, type IndexedItem, type IndicatorIndex } from "@detente/screen";
import { type LogScreener, openLogScreener } from "../log-screener.ts";
import { IndicatorKeys } from "./indicator-keys.ts";

/** What is looked for: a set of indicators, the engine that looks for them, and what tells it from other sets. */
export class WatchList<Ref> {
  readonly index: IndicatorIndex<Ref>;
  readonly screener: LogScreener<Ref>;
  readonly #items: readonly IndexedItem<Ref>[];
  #keys: IndicatorKeys | undefined;

  constructor(items: readonly IndexedItem<Ref>[]) {
    this.#items = items;
    this.index = buildIndicatorIndex(items);
    this.screener = openLogScreener(this.index);
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
