import { setTimeout as delay } from "node:timers/promises";

/** The passing of time as a station sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch (POSIX). */
  now(): number;
  /** Resolves after `milliseconds`; also, at once and without error, when `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    await delay(milliseconds, undefined, { signal, ref: true }).catch(() => undefined);
  },
};
