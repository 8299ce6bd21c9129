import { assert, type Bytes } from "@detente/basics";
import type {
  IndexedItem,
  IndexedShare,
  IndexedSighting,
  IndexedStatement,
  IndexReader,
  ItemQuery,
  Page,
  PageRequest,
  StatementQuery,
} from "../index-ports.ts";
import type { Database } from "./database.ts";
import { itemCondition } from "./item-condition.ts";

type Value = string | number | Bytes;

/** A part of a WHERE clause, with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

const MAX_PAGE = 1000;
const STATEMENT = "SELECT id, log, idx, leaf_hash, author, type, kind, at, body FROM statements";
const ITEM =
  "SELECT i.id, i.share, i.item, v.kind, v.value, i.until FROM items AS i JOIN item_values AS v ON v.id = i.value";

interface StatementRow {
  readonly id: number;
  readonly log: string;
  readonly idx: number;
  readonly leaf_hash: Bytes;
  readonly author: string;
  readonly type: string;
  readonly kind: string | null;
  readonly at: number;
  readonly body: Bytes | null;
}

export type ItemRow = Omit<IndexedItem, "until"> & { readonly id: number; readonly until: number | null };

export class SqliteIndexReader implements IndexReader {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async indexedSize(log: string): Promise<number> {
    const row = this.#db.prepare("SELECT max(idx) AS last FROM statements WHERE log = ?").get(log);
    return ((row as { last: number | null }).last ?? -1) + 1;
  }

  async statement(log: string, index: number): Promise<IndexedStatement | undefined> {
    const row = this.#db.prepare(`${STATEMENT} WHERE log = ? AND idx = ?`).get(log, index) as StatementRow | undefined;
    return row === undefined ? undefined : statementOf(row);
  }

  async statementsByLeaf(leafHash: Bytes): Promise<IndexedStatement[]> {
    const rows = this.#db.prepare(`${STATEMENT} WHERE leaf_hash = ? ORDER BY id`).all(leafHash) as StatementRow[];
    return rows.map(statementOf);
  }

  async indexedShare(share: Bytes): Promise<IndexedShare | undefined> {
    const row = this.#db.prepare("SELECT items, whole FROM indexed_shares WHERE share = ?").get(share);
    if (row === undefined) return undefined;
    const { items, whole } = row as { items: number; whole: 0 | 1 };
    return { share, items, isWhole: whole === 1 };
  }

  async statements({ log, author, type, kind, ...page }: StatementQuery): Promise<Page<IndexedStatement>> {
    const conditions = Object.entries({ log, author, type, kind }).flatMap(([column, value]) =>
      value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
    );
    return mapped(this.#page<StatementRow>(STATEMENT, conditions, page), statementOf);
  }

  async searchItems({ text, match, kind, ...page }: ItemQuery): Promise<Page<IndexedItem>> {
    const conditions = [itemCondition(text, match)];
    if (kind !== undefined) conditions.push({ sql: "v.kind = ?", values: [kind] });
    return mapped(this.#page<ItemRow>(ITEM, conditions, page, "i.id"), itemOf);
  }

  async standingItems(share: Bytes, page: PageRequest): Promise<Page<IndexedItem>> {
    const conditions = [{ sql: "i.share = ? AND i.standing = 1", values: [share] }];
    return mapped(this.#page<ItemRow>(ITEM, conditions, page, "i.id"), itemOf);
  }

  async sightings(share: Bytes, item?: number): Promise<IndexedSighting[]> {
    const one = item === undefined ? "" : "AND item = ?";
    const rows = this.#db
      .prepare(
        `SELECT log, idx AS "index", author, share, item, count, first, last FROM sightings
         WHERE share = ? ${one} ORDER BY log, idx`,
      )
      .all(share, ...(item === undefined ? [] : [item])) as IndexedSighting[];
    return rows.map((row) => ({ ...row }));
  }

  #page<Row extends { readonly id: number }>(
    select: string,
    conditions: readonly Condition[],
    { limit, after = 0 }: PageRequest,
    id = "id",
  ): Page<Row> {
    checkedLimit(limit);
    const where = [`${id} > ?`, ...conditions.map(({ sql }) => sql)].join(" AND ");
    const found = this.#db
      .prepare(`${select} WHERE ${where} ORDER BY ${id} LIMIT ?`)
      .all(after, ...conditions.flatMap(({ values }) => values), limit + 1) as Row[];
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return found.length > limit && last !== undefined ? { rows, next: last.id } : { rows };
  }
}

export function checkedLimit(limit: number): number {
  assert(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE, `a page of ${limit} rows`);
  return limit;
}

function mapped<T, U>(page: Page<T>, toValue: (row: T) => U): Page<U> {
  return { ...page, rows: page.rows.map(toValue) };
}

function statementOf({ log, idx, leaf_hash: leafHash, author, type, kind, at, body }: StatementRow): IndexedStatement {
  return {
    log,
    index: idx,
    leafHash,
    author,
    type,
    at,
    ...(kind === null ? {} : { kind }),
    ...(body === null ? {} : { body }),
  };
}

export function itemOf({ share, item, kind, value, until }: ItemRow): IndexedItem {
  return { share, item, kind, value, ...(until === null ? {} : { until }) };
}
