import type { Json } from "@detente/basics";
import type { Records } from "../ports.ts";
import type { WalSync } from "./wal-sync.ts";

/** Records whose changes are durable when they resolve. */
export class SyncedRecords implements Records {
  readonly #records: Records;
  readonly #log: WalSync;

  constructor(records: Records, log: WalSync) {
    this.#records = records;
    this.#log = log;
  }

  get(key: string): Promise<Json | undefined> {
    return this.#records.get(key);
  }

  list(): Promise<[string, Json][]> {
    return this.#records.list();
  }

  set(key: string, value: Json): Promise<void> {
    return this.#log.after(() => this.#records.set(key, value));
  }

  delete(key: string): Promise<boolean> {
    return this.#log.after(() => this.#records.delete(key));
  }

  change(changes: ReadonlyMap<string, Json | undefined>): Promise<void> {
    return this.#log.after(() => this.#records.change(changes));
  }
}
