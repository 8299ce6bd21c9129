import type { Bytes } from "@detente/basics";
import type { IndexBatch, IndexedShare, IndexedSighting, IndexedStatement, IndexWriter } from "../index-ports.ts";
import type { Claim } from "../version-ports.ts";
import { type Database, emptyWal, transaction } from "./database.ts";
import { ItemInserter, WHOLE_SHARE } from "./item-inserter.ts";
import type { ItemStanding } from "./item-standing.ts";
import { VersionTable } from "./version-table.ts";
import type { WalThread } from "./wal-thread.ts";
import { turn } from "../turn.ts";

/** Rows that change in one transaction: all else that the process does waits no longer than for these. */
const PIECE = 200;

export class SqliteIndexWriter implements IndexWriter {
  readonly #db: Database;
  readonly #wal: WalThread;
  readonly #standing: ItemStanding;
  readonly #items: ItemInserter;
  readonly #versions: VersionTable;

  constructor(db: Database, wal: WalThread, standing: ItemStanding) {
    this.#db = db;
    this.#wal = wal;
    this.#standing = standing;
    this.#items = new ItemInserter(db, standing);
    this.#versions = new VersionTable(db, standing);
  }

  async add({
    statements = [],
    versions = [],
    items = [],
    texts = [],
    sightings = [],
    reached,
  }: IndexBatch): Promise<void> {
    transaction(this.#db, () => {
      this.#addStatements(statements);
      this.#versions.add(versions);
      this.#items.add(items, texts);
      this.#addSightings(sightings);
      if (reached !== undefined) this.#note(reached);
    });
    this.#wal.written(statements.length + versions.length + items.length + texts.length);
  }

  /** What a crash leaves half done still says how far the share was in: it is done when this is called again. */
  async removeItems(share: Bytes): Promise<void> {
    await this.#versions.remove(share);
    for (const table of ["texts", "items"] as const) {
      const remove = this.#db.prepare(`DELETE FROM ${table} WHERE share = ? AND item BETWEEN ? AND ?`);
      await this.#inPieces(table, 0, share, (first, last) => void remove.run(share, first, last));
    }
    this.#db.prepare("DELETE FROM indexed_shares WHERE share = ?").run(share);
    // While it is being copied it cannot be cut.
    await this.#wal.idle();
    emptyWal(this.#db);
  }

  /** Noted first for items that come meanwhile; what a crash leaves half done is not settled, and done when called again. */
  async setWithdrawn(share: Bytes, isWithdrawn: boolean): Promise<void> {
    const note = this.#db.prepare(
      "INSERT OR REPLACE INTO withdrawn_shares (share, withdrawn, settled) VALUES (?, ?, ?)",
    );
    const withdrawn = isWithdrawn ? 1 : 0;
    note.run(share, withdrawn, 0);
    for (const table of ["texts", "items"] as const) {
      await this.#inPieces(table, WHOLE_SHARE, share, (first, last) => this.#standing.refresh(share, first, last));
    }
    note.run(share, withdrawn, 1);
  }

  setStanding(claim: Claim, isStanding: boolean): Promise<void> {
    return this.#versions.setStanding(claim, isStanding);
  }

  /** Does this to the rows of a share, from an item on, so that others have their turn in between. */
  async #inPieces(
    table: "texts" | "items",
    from: number,
    share: Bytes,
    change: (first: number, last: number) => void,
  ): Promise<void> {
    const end = this.#db.prepare(
      `SELECT max(item) AS last FROM (SELECT item FROM ${table} WHERE share = ? AND item >= ? ORDER BY item LIMIT ${PIECE})`,
    );
    for (let start = from; ;) {
      const { last } = end.get(share, start) as { last: number | null };
      if (last === null) return;
      change(start, last);
      start = last + 1;
      await turn();
    }
  }

  #addStatements(statements: readonly IndexedStatement[]): void {
    const insert = this.#db.prepare(
      `INSERT INTO statements (log, idx, leaf_hash, author, type, kind, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (log, idx) DO UPDATE SET leaf_hash = excluded.leaf_hash, author = excluded.author,
         type = excluded.type, kind = excluded.kind, at = excluded.at, body = excluded.body
       WHERE (leaf_hash, author, type, kind, at, body) IS NOT (excluded.leaf_hash, excluded.author, excluded.type,
         excluded.kind, excluded.at, excluded.body)`,
    );
    for (const { log, index, leafHash, author, type, kind, at, body } of statements) {
      insert.run(log, index, leafHash, author, type, kind ?? null, at, body ?? null);
    }
  }

  #note({ share, items, isWhole }: IndexedShare): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO indexed_shares (share, items, whole) VALUES (?, ?, ?)")
      .run(share, items, isWhole ? 1 : 0);
  }

  #addSightings(sightings: readonly IndexedSighting[]): void {
    const insert = this.#db.prepare(
      `INSERT INTO sightings (log, idx, author, share, item, count, first, last) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (log, idx) DO UPDATE SET author = excluded.author, share = excluded.share, item = excluded.item,
         count = excluded.count, first = excluded.first, last = excluded.last
       WHERE (author, share, item, count, first, last) IS NOT (excluded.author, excluded.share, excluded.item,
         excluded.count, excluded.first, excluded.last)`,
    );
    for (const { log, index, author, share, item, count, first, last } of sightings) {
      insert.run(log, index, author, share, item, count, first, last);
    }
  }
}
