import type { StateDirectory } from "@detente/telemetry";
import type { Book } from "./book.ts";
import { countHit, type ItemOfShare, openTally, type Tally, tallyKey, type WatchHit } from "./tally.ts";
import { isStrong, type WatchPolicy } from "./watched-source.ts";

export interface CounterOptions {
  readonly book: Book;
  readonly newId: () => string;
  /** Told once a window of an indicator that hits too often. */
  readonly onNoisy: (tally: Tally) => void;
  /** Told where the journal is shorter than what was counted of it: an older copy was put in its place. */
  readonly onShorter: (source: string) => void;
}

/** The part of a source's state that is counted. */
export type HitJournal = Pick<StateDirectory, "began" | "committed" | "hits">;

/** Takes hits from journals into tallies: each hit of a journal exactly once. */
export class Counter {
  readonly #options: CounterOptions;

  constructor(options: CounterOptions) {
    this.#options = options;
  }

  /**
   * Counts what a journal has beyond what was counted of it. Gives the number of hits.
   * @param now milliseconds since 1970; no open tally's window has ended by then
   */
  async count(source: string, journal: HitJournal, policy: WatchPolicy, now: number): Promise<number> {
    const { book, onNoisy } = this.#options;
    let total = 0;
    for await (const { hits, end } of journal.hits<ItemOfShare | null>(this.#placeIn(source, journal))) {
      const open = this.#tallies(source, hits, policy, now);
      const noisy = open.filter((tally) => tally.isNoisy && book.open(tallyKey(tally))?.isNoisy !== true);
      await book.change({ places: new Map([[source, { began: journal.began, at: end }]]), open });
      for (const tally of noisy) onNoisy(tally);
      total += hits.length;
    }
    return total;
  }

  #placeIn(source: string, { began, committed }: HitJournal): number {
    const place = this.#options.book.place(source);
    if (place === undefined || place.began !== began) return 0;
    if (place.at <= committed) return place.at;
    this.#options.onShorter(source);
    return committed;
  }

  /** The tallies that some hits change, as they are then. */
  #tallies(source: string, hits: readonly WatchHit[], policy: WatchPolicy, now: number): Tally[] {
    const { book, newId } = this.#options;
    const changed = new Map<string, Tally>();
    for (const hit of hits) {
      const { from } = hit;
      if (from === null) continue;
      const key = tallyKey({ source, share: from.share, index: from.index, isWeak: !isStrong(hit.class, policy) });
      const tally = changed.get(key) ?? book.open(key) ?? openTally(newId(), source, { ...hit, from }, policy, now);
      changed.set(key, countHit(tally, hit, policy, now));
    }
    return [...changed.values()];
  }
}
