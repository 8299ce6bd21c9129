import type { Head } from "@detente/record";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "./job.ts";

export interface ObserverOptions {
  /** Heads of other logs that hold something worth observing, all of whose unit-wide bodies are here. */
  readonly observable: () => readonly Head[];
  readonly observe: (heads: readonly Head[]) => Promise<boolean>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Heads that come within this time share one observation. Milliseconds, as all here. */
const GATHER = 25;

/** Observations are at least so far apart: a busy unit would else say hardly anything but what it has seen. */
const APART = 100;

const RETRY = 1000;

/** Says in this party's own log which heads of other logs it holds whole: what gives their statements effect. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #job: Job;
  #last = -Infinity;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, (signal) => this.#step(signal), options.onFault);
  }

  wake(): void {
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(signal: AbortSignal): Promise<StepOutcome> {
    if (this.#options.observable().length === 0) return "done";
    const { clock } = this.#options;
    await clock.sleep(Math.max(GATHER, Math.min(APART, this.#last + APART - clock.now())), signal);
    const heads = this.#options.observable();
    if (heads.length === 0 || signal.aborted) return "done";
    this.#last = clock.now();
    return (await this.#options.observe(heads)) ? "again" : { retryAfter: RETRY };
  }
}
