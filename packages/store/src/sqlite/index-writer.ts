import { type Bytes, equalBytes } from "@detente/basics";
import type { IndexBatch, IndexWriter } from "../ports.ts";
import { type Database, transaction } from "./database.ts";
import { reversed } from "./reversed.ts";

export class SqliteIndexWriter implements IndexWriter {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add({ statements = [], items = [], sightings = [] }: IndexBatch): Promise<void> {
    transaction(this.#db, () => {
      const statement = this.#db.prepare(
        `INSERT INTO statements (log, idx, leaf_hash, author, type, kind, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (log, idx) DO UPDATE SET leaf_hash = excluded.leaf_hash, author = excluded.author,
           type = excluded.type, kind = excluded.kind, at = excluded.at, body = excluded.body`,
      );
      for (const { log, index, leafHash, author, type, kind, at, body } of statements) {
        statement.run(log, index, leafHash, author, type, kind ?? null, at, body ?? null);
      }
      const drop = this.#db.prepare("DELETE FROM items WHERE share = ? AND item = ?");
      const insert = this.#db.prepare(
        "INSERT INTO items (share, item, kind, value, reversed, until) VALUES (?, ?, ?, ?, ?, ?)",
      );
      let before: { readonly share: Bytes; readonly item: number } | undefined;
      for (const { share, item, kind, value, until } of items) {
        // An object may name several values, which stand one after another.
        if (item !== before?.item || !equalBytes(share, before.share)) drop.run(share, item);
        before = { share, item };
        insert.run(share, item, kind, value, reversed(value), until ?? null);
      }
      const sighting = this.#db.prepare("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
      for (const { log, index, author, share, item, count, first, last } of sightings) {
        sighting.run(log, index, author, share, item, count, first, last);
      }
    });
  }

  async removeItems(share: Bytes): Promise<void> {
    this.#db.prepare("DELETE FROM items WHERE share = ?").run(share);
  }
}
