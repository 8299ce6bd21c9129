import type { Json } from "@detente/basics";
import type { Records } from "../ports.ts";
import { type Database, transaction } from "./database.ts";

/** One named set of small values. */
export class RecordTable implements Records {
  readonly #db: Database;
  readonly #set: string;

  constructor(db: Database, set: string) {
    this.#db = db;
    this.#set = set;
  }

  async get(key: string): Promise<Json | undefined> {
    const row = this.#db.prepare("SELECT value FROM records WHERE collection = ? AND key = ?").get(this.#set, key) as
      | { value: string }
      | undefined;
    return row === undefined ? undefined : (JSON.parse(row.value) as Json);
  }

  async set(key: string, value: Json): Promise<void> {
    this.#db
      .prepare("INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
      .run(this.#set, key, JSON.stringify(value));
  }

  async delete(key: string): Promise<boolean> {
    return this.#db.prepare("DELETE FROM records WHERE collection = ? AND key = ?").run(this.#set, key).changes === 1;
  }

  async change(changes: ReadonlyMap<string, Json | undefined>): Promise<void> {
    const set = this.#db.prepare(
      "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    const remove = this.#db.prepare("DELETE FROM records WHERE collection = ? AND key = ?");
    transaction(this.#db, () => {
      for (const [key, value] of changes) {
        if (value === undefined) remove.run(this.#set, key);
        else set.run(this.#set, key, JSON.stringify(value));
      }
    });
  }

  async list(): Promise<[string, Json][]> {
    const rows = this.#db.prepare("SELECT key, value FROM records WHERE collection = ? ORDER BY key").all(this.#set);
    return (rows as { key: string; value: string }[]).map(({ key, value }) => [key, JSON.parse(value) as Json]);
  }
}
