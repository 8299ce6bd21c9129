import type { Records } from "@detente/store";
import type { Logger } from "pino";

/** Whether the index lacks nothing of the record, as the next start finds it noted. */
export class IndexMark {
  readonly #config: Records;
  readonly #logger: Logger;

  constructor(config: Records, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  /** Before the index is written to: a crash may leave it behind the record. */
  async incomplete(): Promise<void> {
    await this.#config.set("index", "incomplete");
  }

  /** Where this cannot be kept the next start makes the index anew, which takes time and nothing else. */
  async complete(): Promise<void> {
    try {
      await this.#config.set("index", "complete");
    } catch (error) {
      this.#logger.warn({ err: error }, "noting that the index is complete");
    }
  }
}
