import { type Bytes, equalBytes, present } from "@detente/basics";
import { emptyRoot } from "@detente/tlog";
import { Sightline } from "./sightline.ts";

/** The root of the first `size` entries of a log as this station holds it. Must answer for every size delivered. */
export type RootAt = (log: string, size: number) => Bytes | undefined;

/** An observation that speaks of another tree than ours: ours, the observer's or the log's own doing. */
export interface ConflictingObservation {
  readonly observer: string;
  /** Where the observation stands in the observer's log. */
  readonly index: number;
  readonly log: string;
  readonly size: number;
  readonly root: Bytes;
}

/** One head of a heads-leaf, and who said it where and when. */
export interface Observation extends ConflictingObservation {
  readonly at: number;
}

/** A rule by which statements take effect: the parties' logs, and how many of the others must have observed. */
export interface Measure {
  readonly origins: readonly string[];
  readonly quorum: number;
}

/**
 * Who has observed which size of which log. An observation counts only where its root is the root of our own copy at
 * that size; one of a size that we do not have yet waits until we do. Observations are never taken back, so what they
 * bring about is not either.
 */
export class Observatory {
  readonly conflicts: ConflictingObservation[] = [];
  readonly #rootAt: RootAt;
  readonly #sightlines = new Map<string, Map<string, Sightline>>();
  readonly #waiting = new Map<string, Map<number, Observation[]>>();

  constructor(rootAt: RootAt) {
    this.#rootAt = rootAt;
  }

  /** Takes in an observation of another's log; `held` is how many entries of the observed log we have. True where someone's size grew. */
  observe(observation: Observation, held: number): boolean {
    if (observation.size <= held) return this.#settle(observation);
    const sizes = entry(this.#waiting, observation.log, () => new Map<number, Observation[]>());
    entry(sizes, observation.size, () => []).push(observation);
    return false;
  }

  /** Settles what waited for `log` to reach this size. True where someone's size grew. */
  reached(log: string, size: number): boolean {
    const sizes = this.#waiting.get(log);
    const due = sizes?.get(size);
    if (sizes === undefined || due === undefined) return false;
    sizes.delete(size);
    let grew = false;
    for (const observation of due) grew = this.#settle(observation) || grew;
    return grew;
  }

  /** The largest size of `log` that `observer` has observed and that matches our copy. */
  observed(log: string, observer: string): number {
    return this.#sightlines.get(log)?.get(observer)?.size ?? 0;
  }

  /** Who has observed `log`, and up to which size. */
  observers(log: string): { readonly observer: string; readonly size: number }[] {
    const sightlines = this.#sightlines.get(log) ?? new Map<string, Sightline>();
    return [...sightlines].map(([observer, { size }]) => ({ observer, size }));
  }

  /** The quorum-th largest of the sizes that the measure's other parties observed; 0 where they are too few. */
  effectiveSize(log: string, measure: Measure): number {
    const sizes: number[] = [];
    for (const origin of measure.origins) sizes.push(this.observed(log, origin));
    return sizes.sort((a, b) => b - a)[measure.quorum - 1] ?? 0;
  }

  /**
   * The quorum-th smallest of the times that the other parties claim for the first observation which covers the entry;
   * `undefined` where no quorum covers it.
   */
  effectiveAt(log: string, index: number, measure: Measure): number | undefined {
    const times: number[] = [];
    for (const origin of measure.origins) {
      const time = this.#sightlines.get(log)?.get(origin)?.firstCovering(index);
      if (time !== undefined) times.push(time);
    }
    return times.sort((a, b) => a - b)[measure.quorum - 1];
  }

  /** The root of our own copy of `log` at a size that has been delivered. */
  rootAt(log: string, size: number): Bytes {
    return size === 0 ? emptyRoot : present(this.#rootAt(log, size), `the root of ${log} at ${size}`);
  }

  #settle(observation: Observation): boolean {
    const { log, size, root, observer, index, at } = observation;
    if (!equalBytes(this.rootAt(log, size), root)) {
      this.conflicts.push({ observer, index, log, size, root });
      return false;
    }
    const sightline = entry(
      entry(this.#sightlines, log, () => new Map<string, Sightline>()),
      observer,
      () => new Sightline(),
    );
    const before = sightline.size;
    sightline.add(size, index, at);
    return sightline.size > before;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
