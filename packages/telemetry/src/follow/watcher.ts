import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { globBase, isGlob } from "../inputs/glob.ts";

/** A log that is written all the time is looked at, and its place put down, so often at most: milliseconds. */
const SETTLE_MS = 100;

/**
 * Says when it is time to look at logs again: when the system says that something changed beside them, and at
 * intervals in any case, since network file systems tell nothing and events are lost.
 */
export class Watcher {
  readonly #watchers: FSWatcher[] = [];
  readonly #pollMs: number;
  readonly #signal: AbortSignal;
  #hasChanged = false;
  #wake: () => void = () => undefined;
  #lookedAt = Date.now();

  constructor(names: readonly string[], pollMs: number, signal: AbortSignal) {
    this.#pollMs = pollMs;
    this.#signal = signal;
    const directories = new Set(names.flatMap((name) => (isGlob(name) ? [globBase(name)] : [name, dirname(name)])));
    for (const directory of directories) this.#watch(directory);
  }

  /** Whether it is time already; if so, it is taken that the logs are looked at now. */
  isDue(): boolean {
    if (!this.#hasChanged && Date.now() - this.#lookedAt < this.#pollMs) return false;
    this.#hasChanged = false;
    this.#lookedAt = Date.now();
    return true;
  }

  /** Resolves when it is time to look, or when the signal says to stop. */
  async wait(): Promise<void> {
    const settling = Math.min(SETTLE_MS, this.#pollMs);
    if (!this.#hasChanged) await this.#pause(this.#pollMs - settling);
    await this.#pause(settling);
    this.#hasChanged = false;
    this.#lookedAt = Date.now();
  }

  /** Ends early at a change that is the first one, and when the signal says to stop. */
  async #pause(ms: number): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener("abort", wake);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#signal.addEventListener("abort", wake);
      if (!this.#hasChanged) this.#wake = wake;
    });
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => {
        this.#hasChanged = true;
        this.#wake();
      });
      watcher.on("error", () => watcher.close());
      this.#watchers.push(watcher);
    } catch {
      // Only a hint: there is no such file, or the system has no watch left.
    }
  }
}
