import { unwrap } from "@detente/basics";
import { LogStore } from "@detente/store";
import { originHash } from "@detente/tlog";

/** The copies of the others' logs, each in a directory of its own. */
export class MirroredLogs {
  readonly #dir: string;
  readonly #open = new Map<string, Promise<LogStore>>();

  /** @param dir the directory that holds one directory a log */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Opens the copy of a log, an empty one where there is none. @throws where the disk does not give it back whole */
  open(origin: string): Promise<LogStore> {
    let log = this.#open.get(origin);
    if (log === undefined) {
      log = LogStore.open({ directory: `${this.#dir}/${originHash(origin)}`, staged: "keep" }).then(unwrap);
      this.#open.set(origin, log);
    }
    return log;
  }

  origins(): string[] {
    return [...this.#open.keys()];
  }

  async close(): Promise<void> {
    for (const log of this.#open.values()) await (await log).close();
  }
}
