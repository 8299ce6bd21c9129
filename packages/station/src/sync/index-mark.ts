import type { Records } from "@detente/store";

const KEY = "index";

/** Whether the index may say what the record does not: it is then made anew at the next start. What it lacks it takes up by itself. */
export class IndexMark {
  readonly #config: Records;

  constructor(config: Records) {
    this.#config = config;
  }

  async isStale(): Promise<boolean> {
    return (await this.#config.get(KEY)) === "stale";
  }

  /** A log has another version than the one that was indexed. */
  async stale(): Promise<void> {
    await this.#config.set(KEY, "stale");
  }

  /** It has been made anew, or is about to be from nothing. */
  async fresh(): Promise<void> {
    await this.#config.delete(KEY);
  }
}
