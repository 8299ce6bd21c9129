import type { Clock } from "../clock.ts";

/** What a job's step reports: all done for now, more to do at once, or try again after so many milliseconds. */
export type StepOutcome = "done" | "again" | { readonly retryAfter: number };

/**
 * Background work that is woken by events: runs `step` until there is nothing to do, then rests. Wakes that come
 * while it runs are kept, so nothing is missed and nothing runs twice at once.
 */
export class Job {
  readonly #step: (signal: AbortSignal) => Promise<StepOutcome>;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #wanted = false;
  #isHurried = false;
  #running: Promise<void> | undefined;
  #nap: AbortController | undefined;

  constructor(clock: Clock, step: (signal: AbortSignal) => Promise<StepOutcome>, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#step = step;
    this.#onFault = onFault;
  }

  /** Asks for a run; `hurry` also ends a pause before a retry. */
  wake(options: { readonly hurry?: boolean } = {}): void {
    this.#wanted = true;
    if (options.hurry === true) {
      this.#isHurried = true;
      this.#nap?.abort();
    }
    if (this.#running !== undefined || this.#stopping.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#wanted) this.wake();
    });
  }

  /** Ends the work after the step under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const stopped = this.#stopping.signal;
    while (this.#wanted && !stopped.aborted) {
      this.#wanted = false;
      this.#isHurried = false;
      let outcome: StepOutcome;
      try {
        outcome = await this.#step(stopped);
      } catch (error) {
        this.#onFault(error);
        outcome = { retryAfter: 5000 };
      }
      if (outcome === "done") continue;
      this.#wanted = true;
      // What came during the step may be what it would pause for.
      if (outcome === "again" || this.#isHurried || stopped.aborted) continue;
      this.#nap = new AbortController();
      await this.#clock.sleep(outcome.retryAfter, AbortSignal.any([stopped, this.#nap.signal]));
      this.#nap = undefined;
    }
  }
}
