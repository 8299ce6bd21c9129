import { equalBytes, fromBase64 } from "@detente/basics";
import type { Head } from "@detente/record";
import type { LogReader } from "@detente/store";
import type { WitnessStore } from "@detente/tlog";

/**
 * Keeps a restored witness from vouching again for less than it has vouched for. What this party observed of other
 * logs stands in its own log, which is recovered first; until the witness knows each log up to there, it is silent
 * about that log.
 */
export class WitnessFloor {
  readonly #store: WitnessStore;
  readonly #log: (origin: string) => LogReader | undefined;
  readonly #floors = new Map<string, Head>();

  constructor(store: WitnessStore, log: (origin: string) => LogReader | undefined) {
    this.#store = store;
    this.#log = log;
  }

  /** Notes what this party's own log says that it has seen. */
  observed(heads: readonly Head[]): void {
    for (const head of heads) {
      const floor = this.#floors.get(head.log);
      if (floor === undefined || floor.size < head.size) this.#floors.set(head.log, head);
    }
  }

  /**
   * Why the mirror, which was restored with the witness, may not cosign a head of `size` entries; it cosigned more
   * before. One that holds as much again answers as ever.
   */
  mirrorWithheld(origin: string, size: number): string | undefined {
    const floor = this.#floors.get(origin);
    if (floor === undefined || size >= floor.size || (this.#log(origin)?.size ?? 0) >= floor.size) return undefined;
    return `this mirror was restored from an older copy: it knew ${origin} at size ${floor.size}; bring the newest head`;
  }

  /** Why the witness may not cosign this log now; `undefined` where it may. Raises the witness to the mirror where it can. */
  async withheld(origin: string): Promise<string | undefined> {
    const floor = this.#floors.get(origin);
    if (floor === undefined) return undefined;
    const known = await this.#store.get(origin);
    if (known !== undefined && known.size >= floor.size) {
      this.#floors.delete(origin);
      return undefined;
    }
    const log = this.#log(origin);
    if (log?.head === undefined || log.size < floor.size) {
      return `this witness was restored from an older copy: it knew ${origin} at size ${floor.size}; its mirror has to catch up first`;
    }
    const root = fromBase64(floor.root);
    if (root === undefined || !equalBytes(log.rootAt(floor.size), root)) {
      return `${origin} shows another tree of size ${floor.size} than this witness saw before`;
    }
    const { size, root: headRoot, note } = log.head;
    await this.#store.compareAndSet(origin, known, { version: (known?.version ?? 0) + 1, size, root: headRoot, note });
    return this.withheld(origin);
  }
}
