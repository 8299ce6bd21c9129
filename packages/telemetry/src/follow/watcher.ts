import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { globBase, isGlob } from "../inputs/glob.ts";

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

  /** Whether `wait` would end at once. */
  isDue(): boolean {
    if (!this.#hasChanged && Date.now() - this.#lookedAt < this.#pollMs) return false;
    this.#hasChanged = false;
    this.#lookedAt = Date.now();
    return true;
  }

  /** Resolves when it is time to look, or when the signal says to stop. */
  async wait(): Promise<void> {
    if (!this.#hasChanged && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#signal.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, this.#pollMs);
        this.#signal.addEventListener("abort", wake);
        this.#wake = wake;
      });
    }
    this.#hasChanged = false;
    this.#lookedAt = Date.now();
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
