import type { Clock } from "@detente/station";

/** The step in which time passes, in milliseconds. */
const TICK = 20;

/** Longer times pass in longer steps. */
const MAX_STEPS = 250;

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** A clock that only moves when the test says so; sleepers wake in the order of their times. */
export class ControlledClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #works = 0;

  /** @param start milliseconds since the epoch, whole as those of any clock */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      const sleeper: Sleeper = { wakeAt: this.#now + Math.ceil(milliseconds), wake };
      const end = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        wake();
      };
      this.#sleepers.push(sleeper);
      signal.addEventListener("abort", end, { once: true });
    });
  }

  /** Moves time forward and wakes whoever is due, letting each run before the next. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      const next = this.#earliest();
      if (next === undefined || next.wakeAt > until) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.wakeAt);
      next.wake();
      await turn();
    }
    // Somebody else may have moved it further meanwhile.
    this.#now = Math.max(this.#now, until);
    await turn();
  }

  /** Lets time pass until the work is done, at one pace however much work there is. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works++;
    if (this.#works === 1) void this.#passWhileWorking();
    try {
      return await work;
    } finally {
      this.#works--;
    }
  }

  async #passWhileWorking(): Promise<void> {
    while (this.#works > 0) await this.pass(TICK);
  }

  /** Moves time forward in small steps, and lets in what disk and thread pool have done meanwhile. */
  async pass(milliseconds: number): Promise<void> {
    const step = Math.max(TICK, Math.ceil(milliseconds / MAX_STEPS));
    for (let passed = 0; passed < milliseconds; passed += step) {
      await this.advance(step);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #earliest(): Sleeper | undefined {
    let earliest: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (earliest === undefined || sleeper.wakeAt < earliest.wakeAt) earliest = sleeper;
    return earliest;
  }
}

/** Lets everything that is ready to run, run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
