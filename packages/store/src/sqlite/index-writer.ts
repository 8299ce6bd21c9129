import type { Bytes } from "@detente/basics";
import type { IndexBatch, IndexedSighting, IndexedStatement, IndexWriter } from "../ports.ts";
import { type Database, emptyWal, transaction } from "./database.ts";
import { ItemInserter, WHOLE_SHARE } from "./item-inserter.ts";

/** Rows that change in one transaction: all else that the process does waits no longer than for these. */
const PIECE = 1000;

export class SqliteIndexWriter implements IndexWriter {
  readonly #db: Database;
  readonly #items: ItemInserter;

  constructor(db: Database) {
    this.#db = db;
    this.#items = new ItemInserter(db);
  }

  async add({ statements = [], items = [], texts = [], sightings = [] }: IndexBatch): Promise<void> {
    transaction(this.#db, () => {
      this.#addStatements(statements);
      this.#items.add(items, texts);
      this.#addSightings(sightings);
    });
  }

  async removeItems(share: Bytes): Promise<void> {
    await this.#inPieces("texts", 0, share, "DELETE FROM texts WHERE");
    await this.#inPieces("items", 0, share, "DELETE FROM items WHERE");
    emptyWal(this.#db);
  }

  /** Noted first for items that come meanwhile; what a crash leaves half done is done when this is called again. */
  async setWithdrawn(share: Bytes, isWithdrawn: boolean): Promise<void> {
    const note = "INSERT INTO withdrawn_shares VALUES (?) ON CONFLICT DO NOTHING";
    this.#db.prepare(isWithdrawn ? note : "DELETE FROM withdrawn_shares WHERE share = ?").run(share);
    const standing = isWithdrawn ? 0 : 1;
    for (const table of ["texts", "items"] as const) {
      const change = `UPDATE ${table} SET standing = ${standing} WHERE standing <> ${standing} AND`;
      await this.#inPieces(table, WHOLE_SHARE, share, change);
    }
  }

  /** Does this to the rows of a share, from an item on, so that others have their turn in between. */
  async #inPieces(table: "texts" | "items", from: number, share: Bytes, change: string): Promise<void> {
    const end = this.#db.prepare(
      `SELECT max(item) AS last FROM (SELECT item FROM ${table} WHERE share = ? AND item >= ? ORDER BY item LIMIT ${PIECE})`,
    );
    const step = this.#db.prepare(`${change} share = ? AND item BETWEEN ? AND ?`);
    for (let start = from; ;) {
      const { last } = end.get(share, start) as { last: number | null };
      if (last === null) return;
      step.run(share, start, last);
      start = last + 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #addStatements(statements: readonly IndexedStatement[]): void {
    const insert = this.#db.prepare(
      `INSERT INTO statements (log, idx, leaf_hash, author, type, kind, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (log, idx) DO UPDATE SET leaf_hash = excluded.leaf_hash, author = excluded.author,
         type = excluded.type, kind = excluded.kind, at = excluded.at, body = excluded.body`,
    );
    for (const { log, index, leafHash, author, type, kind, at, body } of statements) {
      insert.run(log, index, leafHash, author, type, kind ?? null, at, body ?? null);
    }
  }

  #addSightings(sightings: readonly IndexedSighting[]): void {
    const insert = this.#db.prepare("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const { log, index, author, share, item, count, first, last } of sightings) {
      insert.run(log, index, author, share, item, count, first, last);
    }
  }
}
