import type { Fault, Result } from "@detente/basics";

interface Closable {
  close(): Promise<void> | void;
}

/** What was opened so far, to be closed together: where the rest cannot be opened, or when all is done. */
export class Opened {
  readonly #all: Closable[] = [];

  /** Gives the result back; what was opened is closed by `close`. */
  keep<T extends Closable, F extends Fault>(result: Result<T, F>): Result<T, F> {
    if (result.ok) this.#all.push(result.value);
    return result;
  }

  /** The last opened first. */
  async close(): Promise<void> {
    for (const one of this.#all.splice(0).reverse()) await one.close();
  }
}
