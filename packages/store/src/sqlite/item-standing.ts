import type { Bytes } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { Database } from "./database.ts";

/**
 * Whether what `item` of `share` names stands, as SQL over a row that has both: its share was not withdrawn, and it is
 * its author's newest version of its object. What has no versions, or whose share has not taken effect yet, no newer one
 * can end.
 */
function stands(row: "items" | "texts" | "?"): string {
  const [share, item] = row === "?" ? ["?1", "?2"] : [`${row}.share`, `${row}.item`];
  return `(NOT EXISTS (SELECT 1 FROM withdrawn_shares WHERE share = ${share} AND withdrawn)
    AND coalesce((SELECT v.newest FROM claims AS c JOIN versions AS v ON v.claim = c.id
      WHERE c.share = ${share} AND v.item = ${item} AND v.stands), 1))`;
}

const TABLES = ["texts", "items"] as const;

/** Keeps with each item, and with its text, whether it stands. */
export class ItemStanding {
  readonly #ask: StatementSyncInstance;
  readonly #refresh: readonly StatementSyncInstance[];
  #revision = 0;

  constructor(db: Database) {
    this.#ask = db.prepare(`SELECT ${stands("?")} AS standing`);
    this.#refresh = TABLES.map((table) =>
      db.prepare(
        `UPDATE ${table} SET standing = 1 - standing
         WHERE share = ? AND item BETWEEN ? AND ? AND standing <> ${stands(table)}`,
      ),
    );
  }

  /** Grows whenever an item that is indexed begins or ceases to stand; begins anew with the process. */
  get revision(): number {
    return this.#revision;
  }

  of(share: Bytes, item: number): 0 | 1 {
    return (this.#ask.get(share, item) as { standing: 0 | 1 }).standing;
  }

  /** Looks anew at the items of a share from one to another. */
  refresh(share: Bytes, first: number, last: number = first): void {
    let changes = 0;
    for (const statement of this.#refresh) changes += statement.run(share, first, last).changes;
    if (changes > 0) this.#revision++;
  }
}
