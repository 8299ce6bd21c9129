export interface BackoffOptions {
  /** Delay after the first failure, in milliseconds. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * When to try a peer again: after each failure in a row twice as late, of which a random half is taken off so that
 * stations that lost the same peer do not return to it at the same moment.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #from = 0;
  #until = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds still to wait; 0 when the next attempt may be made. */
  remaining(now: number): number {
    // A clock that was set back to before the failure must not lengthen the wait.
    return now < this.#from ? 0 : Math.max(0, this.#until - now);
  }

  /** A failure that arrives during a wait belongs to an attempt made before it, and does not count again. */
  failed(now: number): void {
    if (this.remaining(now) > 0) return;
    const ceiling = Math.min(this.#options.maxMs, this.#options.baseMs * 2 ** Math.min(this.#failures, 52));
    this.#failures++;
    this.#hold(now, Math.ceil(ceiling * (1 - this.#options.random() / 2)));
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** The peer itself said how long to wait (Retry-After); never longer than the longest delay. */
  toldToWait(now: number, ms: number): void {
    this.#hold(now, Math.min(ms, this.#options.maxMs));
  }

  #hold(now: number, ms: number): void {
    this.#from = now;
    this.#until = now + ms;
  }
}
