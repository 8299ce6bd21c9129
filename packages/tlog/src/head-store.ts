/** State that is replaced as a whole and counts its replacements. */
export interface Versioned {
  /** 1 for the first state of a log, then one more each time. */
  readonly version: number;
}

/** Durable state of each log, by origin. */
export interface HeadStore<State extends Versioned> {
  get(origin: string): Promise<State | undefined>;
  /**
   * Stores `next` if the state stored now has the version of `expected` (or, where that is undefined, if there is
   * none), as one atomic step. Durable when it resolves to true; rejects where storage fails.
   */
  compareAndSet(origin: string, expected: State | undefined, next: State): Promise<boolean>;
}

/** Keeps states in memory: for tests and tools, not for a witness that is relied upon. */
export class MemoryHeadStore<State extends Versioned> implements HeadStore<State> {
  readonly #states = new Map<string, State>();

  get(origin: string): Promise<State | undefined> {
    return Promise.resolve(this.#states.get(origin));
  }

  compareAndSet(origin: string, expected: State | undefined, next: State): Promise<boolean> {
    const matches = this.#states.get(origin)?.version === expected?.version;
    if (matches) this.#states.set(origin, next);
    return Promise.resolve(matches);
  }
}
