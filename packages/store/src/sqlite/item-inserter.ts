import { equalBytes } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { NewItem, NewText } from "../index-ports.ts";
import { type Database, withoutNul } from "./database.ts";
import { hostKey } from "./host-key.ts";
import type { ItemStanding } from "./item-standing.ts";
import { reversed } from "./reversed.ts";

/** The place of a text that is about a share as a whole. */
export const WHOLE_SHARE = -1;

/** Puts items and what was written of them into the index, within a transaction of the caller's. */
export class ItemInserter {
  readonly #statements: Statements;
  readonly #standing: ItemStanding;

  constructor(db: Database, standing: ItemStanding) {
    this.#standing = standing;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as unknown as Statements;
  }

  /** What is there already is replaced. */
  add(items: readonly NewItem[], texts: readonly NewText[]): void {
    const { dropItem, dropText, addText } = this.#statements;
    for (const [i, item] of items.entries()) {
      const last = items[i - 1];
      const isFurther = last?.item === item.item && equalBytes(last.share, item.share);
      if (!isFurther) dropItem.run(item.share, item.item);
      // An object may name a value twice.
      if (!isFurther || !this.#hasValue(item)) this.#addItem(item, this.#standing.of(item.share, item.item));
    }
    for (const { share, item = WHOLE_SHARE, text: given } of texts) {
      const text = withoutNul(given);
      if (this.#statements.hasText.get(share, item, text) !== undefined) continue;
      dropText.run(share, item);
      if (text !== "") addText.run(share, item, text, this.#standing.of(share, item));
    }
  }

  #addItem({ share, item, kind, value, until, host, address }: NewItem, standing: 0 | 1): void {
    const { addValue, addItem } = this.#statements;
    const hosted = host === undefined ? null : hostKey(host);
    const { id } = addValue.get(kind, value, reversed(value), hosted, address ?? null, standing) as { id: number };
    addItem.run(share, item, id, until ?? null, standing);
  }

  #hasValue({ share, item, kind, value }: NewItem): boolean {
    return this.#statements.hasValue.get(share, item, value, kind) !== undefined;
  }
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSyncInstance>>;

const SQL = {
  hasValue: `SELECT 1 FROM items WHERE share = ? AND item = ?
    AND value = (SELECT id FROM item_values WHERE value = ? AND kind = ?)`,
  dropItem: "DELETE FROM items WHERE share = ? AND item = ?",
  addValue: `INSERT INTO item_values (kind, value, reversed, host, address, standing) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (value, kind) DO UPDATE SET standing = standing + excluded.standing RETURNING id`,
  addItem: "INSERT INTO items (share, item, value, until, standing) VALUES (?, ?, ?, ?, ?)",
  hasText: "SELECT 1 FROM texts WHERE share = ? AND item = ? AND text = ?",
  dropText: "DELETE FROM texts WHERE share = ? AND item = ?",
  addText: "INSERT INTO texts (share, item, text, standing) VALUES (?, ?, ?, ?)",
} as const;
