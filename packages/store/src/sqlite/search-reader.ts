import type { Bytes } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { Page, PageRequest } from "../index-ports.ts";
import type {
  FoundText,
  FoundValue,
  SearchReader,
  SharedItem,
  StatedItem,
  TextPage,
  ValuePage,
  ValueRange,
  WithdrawnShare,
} from "../search-ports.ts";
import type { Database } from "./database.ts";
import { checkedLimit, type ItemRow, itemOf } from "./index-reader.ts";
import { WHOLE_SHARE } from "./item-inserter.ts";
import { type Cursor, readCursor, rangeOf, writeCursor } from "./value-range.ts";
import { WordAsker } from "./word-query.ts";

const WITHDRAWN_COUNTED = 1000;
/** Values of one item that are given with its text. */
const VALUES_SHOWN = 20;
const VALUE = `SELECT v.id, v.kind, v.value, v.standing AS stated, (SELECT count(*) FROM
  (SELECT 1 FROM items WHERE value = v.id AND standing = 0 LIMIT ${WITHDRAWN_COUNTED})) AS withdrawn`;
const ITEM = "i.id, i.share, i.item, v.kind, v.value, i.until";

type ValueRow = FoundValue & { readonly id: number; readonly key: string | Bytes | number };
type TextRow = Omit<FoundText, "values" | "item"> & { readonly id: number; readonly item: number };

export class SqliteSearchReader implements SearchReader {
  readonly #db: Database;
  readonly #words: WordAsker;
  /** By their SQL: one answer asks the same of each of its rows. */
  readonly #prepared = new Map<string, StatementSyncInstance>();

  constructor(db: Database) {
    this.#db = db;
    this.#words = new WordAsker(db);
  }

  async valuesNamed(values: readonly string[]): Promise<FoundValue[]> {
    const find = this.#prepare(`${VALUE} FROM item_values AS v WHERE v.value = ? ORDER BY v.kind`);
    return values.flatMap((value) => (find.all(value) as ValueRow[]).map(foundValue));
  }

  async valuesIn(range: ValueRange, limit: number, after?: string): Promise<ValuePage | undefined> {
    const { from, key, order, sql, values } = rangeOf(range);
    const cursor = readCursor(after);
    if (cursor === undefined) return undefined;
    const [beyond, place] = beyondCursor(key, cursor);
    const found = this.#prepare(
      `${VALUE}, ${key} AS key FROM ${from} WHERE ${sql} AND ${beyond} ORDER BY ${order} LIMIT ?`,
    ).all(...values, ...place, checkedLimit(limit) + 1) as ValueRow[];
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const page = { rows: rows.map(foundValue) };
    return found.length > limit && last !== undefined ? { ...page, next: writeCursor(last) } : page;
  }

  async statedBy({ kind, value }: Pick<FoundValue, "kind" | "value">, limit: number): Promise<StatedItem[]> {
    const rows = this.#prepare(
      `SELECT ${ITEM}, i.standing, t.text FROM items AS i JOIN item_values AS v ON v.id = i.value
         LEFT JOIN texts AS t ON t.share = i.share AND t.item = i.item
         WHERE i.value = (SELECT id FROM item_values WHERE value = ? AND kind = ?)
         ORDER BY i.standing DESC, i.id LIMIT ?`,
    ).all(value, kind, checkedLimit(limit)) as (ItemRow & { standing: number; text: string | null })[];
    return rows.map(({ standing, text, ...row }) => ({
      ...itemOf(row),
      isWithdrawn: standing === 0,
      ...(text === null ? {} : { text }),
    }));
  }

  async searchWords(text: string, { limit, after = 0 }: PageRequest): Promise<TextPage> {
    const query = this.#words.query(text);
    if (query === undefined) return { rows: [], isCut: false };
    const { match, isCut } = query;
    const found = this.#prepare(
      `SELECT t.id, t.share, t.item, t.text FROM words JOIN texts AS t ON t.id = words.rowid
         WHERE words MATCH ? AND words.rowid > ? ORDER BY words.rowid LIMIT ?`,
    ).all(match, after, checkedLimit(limit) + 1) as TextRow[];
    return { rows: found.slice(0, limit).map((row) => this.#foundText(row)), ...nextOf(found, limit), isCut };
  }

  async sharedItems(share: Bytes, { limit, after = 0 }: PageRequest): Promise<Page<SharedItem>> {
    const found = this.#prepare(
      `SELECT ${ITEM}, v.standing AS stated FROM items AS i JOIN item_values AS v ON v.id = i.value
         WHERE i.share = ? AND i.id > ? ORDER BY i.id LIMIT ?`,
    ).all(share, after, checkedLimit(limit) + 1) as (ItemRow & { stated: number })[];
    const rows = found.slice(0, limit).filter(({ stated }) => stated > 1);
    return { rows: rows.map(({ stated, ...row }) => ({ ...itemOf(row), stated })), ...nextOf(found, limit) };
  }

  async sightingCount(share: Bytes, item?: number): Promise<number> {
    const one = item === undefined ? "" : "AND item = ?";
    const row = this.#prepare(`SELECT count(*) AS count FROM sightings WHERE share = ? ${one}`).get(
      share,
      ...(item === undefined ? [] : [item]),
    );
    return (row as { count: number }).count;
  }

  async withdrawnShares(): Promise<WithdrawnShare[]> {
    const rows = this.#prepare("SELECT share, withdrawn, settled FROM withdrawn_shares ORDER BY share").all();
    return (rows as { share: Bytes; withdrawn: 0 | 1; settled: 0 | 1 }[]).map(({ share, withdrawn, settled }) => ({
      share,
      isWithdrawn: settled === 1 ? withdrawn === 1 : undefined,
    }));
  }

  #prepare(sql: string): StatementSyncInstance {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) this.#prepared.set(sql, (prepared = this.#db.prepare(sql)));
    return prepared;
  }

  #foundText({ share, item, text }: TextRow): FoundText {
    if (item === WHOLE_SHARE) return { share, text, values: [] };
    const values = this.#prepare(
      `SELECT ${ITEM} FROM items AS i JOIN item_values AS v ON v.id = i.value
         WHERE i.share = ? AND i.item = ? ORDER BY i.id LIMIT ?`,
    ).all(share, item, VALUES_SHOWN) as ItemRow[];
    return { share, item, text, values: values.map(itemOf) };
  }
}

function beyondCursor(key: string, cursor: Cursor | "start"): [string, Cursor["key"][]] {
  if (cursor === "start") return ["1", []];
  // The id itself: there are no others with it.
  if (typeof cursor.key === "number") return [`${key} > ?`, [cursor.key]];
  return [`(${key}, v.id) > (?, ?)`, [cursor.key, cursor.id]];
}

function nextOf(found: readonly { readonly id: number }[], limit: number): { next?: number } {
  const last = found[limit - 1];
  return found.length > limit && last !== undefined ? { next: last.id } : {};
}

function foundValue({ kind, value, stated, withdrawn }: ValueRow): FoundValue {
  return { kind, value, stated, withdrawn };
}
