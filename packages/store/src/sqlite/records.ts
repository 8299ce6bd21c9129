import type { Json } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { Records } from "../ports.ts";
import { type Database, transaction } from "./database.ts";

/** One named set of small values. */
export class RecordTable implements Records {
  readonly #db: Database;
  readonly #set: string;
  // To prepare a statement takes as long as to run it.
  readonly #read: StatementSyncInstance;
  readonly #write: StatementSyncInstance;
  readonly #remove: StatementSyncInstance;

  /** @param db has the table */
  constructor(db: Database, set: string) {
    this.#db = db;
    this.#set = set;
    this.#read = db.prepare("SELECT value FROM records WHERE collection = ? AND key = ?");
    this.#write = db.prepare("INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
    this.#remove = db.prepare("DELETE FROM records WHERE collection = ? AND key = ?");
  }

  async get(key: string): Promise<Json | undefined> {
    const row = this.#read.get(this.#set, key) as { value: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.value) as Json);
  }

  async set(key: string, value: Json): Promise<void> {
    this.#write.run(this.#set, key, JSON.stringify(value));
  }

  async delete(key: string): Promise<boolean> {
    return this.#remove.run(this.#set, key).changes === 1;
  }

  async change(changes: ReadonlyMap<string, Json | undefined>): Promise<void> {
    transaction(this.#db, () => {
      for (const [key, value] of changes) {
        if (value === undefined) this.#remove.run(this.#set, key);
        else this.#write.run(this.#set, key, JSON.stringify(value));
      }
    });
  }

  async list(): Promise<[string, Json][]> {
    const rows = this.#db.prepare("SELECT key, value FROM records WHERE collection = ? ORDER BY key").all(this.#set);
    return (rows as { key: string; value: string }[]).map(({ key, value }) => [key, JSON.parse(value) as Json]);
  }
}
