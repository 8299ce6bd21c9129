import { assert, type Bytes } from "@detente/basics";
import type {
  ObjectEntry,
  ObjectPage,
  ObjectQuery,
  ObjectReader,
  StoredObject,
  VersionMatch,
} from "../object-ports.ts";
import type { Database } from "./database.ts";
import type { Condition } from "./index-reader.ts";
import { idOfName, nameOfId } from "./object-id.ts";
import { microsecondText, versionKey } from "./object-time.ts";

interface EntryRow {
  readonly added: number;
  readonly type: string;
  readonly name: Bytes | string;
  readonly version: string | null;
}

const IN_COLLECTION = "collection = (SELECT key FROM object_collections WHERE id = ?)";

type ObjectRow = EntryRow & { readonly source: string; readonly bytes: Bytes };

export class SqliteObjectReader implements ObjectReader {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async objects(collection: string, query: ObjectQuery): Promise<ObjectPage<StoredObject>> {
    const rows: StoredObject[] = [];
    let size = 0;
    for (const row of this.#rows<ObjectRow>("added, type, name, version, source, bytes", collection, query)) {
      size += row.bytes.length;
      const isFull = rows.length === query.limit || (rows.length > 0 && size > (query.maxBytes ?? Infinity));
      if (isFull) return { rows, more: true };
      rows.push({ ...entryOf(row), source: row.source, bytes: row.bytes });
    }
    return { rows, more: false };
  }

  async entries(collection: string, query: ObjectQuery): Promise<ObjectPage<ObjectEntry>> {
    const rows = [...this.#rows<EntryRow>("added, type, name, version", collection, query)].map(entryOf);
    return { rows: rows.slice(0, query.limit), more: rows.length > query.limit };
  }

  /** Without their bytes and in no order: anybody can put any number of versions under one id. */
  async sources(collection: string, ids: readonly string[]): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>();
    if (ids.length === 0) return found;
    const { sql, values } = namedBy(ids);
    const rows = this.#db
      .prepare(
        `SELECT DISTINCT type, name, source FROM objects INDEXED BY objects_by_name WHERE ${IN_COLLECTION} AND ${sql}`,
      )
      .all(collection, ...values) as Pick<ObjectRow, "type" | "name" | "source">[];
    for (const { source, ...name } of rows) {
      const id = idOfName(name);
      found.set(id, (found.get(id) ?? new Set()).add(source));
    }
    return found;
  }

  async has(collection: string, id: string): Promise<boolean> {
    const { rows } = await this.entries(collection, { ids: [id], versions: ["last"], limit: 1 });
    return rows.length > 0;
  }

  /** One row beyond the limit, to know whether there is more. */
  #rows<Row>(columns: string, collection: string, query: ObjectQuery): IterableIterator<Row> {
    const { after = -1, ids, types, versions, limit } = query;
    assert(Number.isInteger(limit) && limit >= 1, `a page of ${limit} objects`);
    const conditions = [
      { sql: IN_COLLECTION, values: [collection] },
      { sql: "added > ?", values: [after] },
      ...(ids === undefined ? [] : [namedBy(ids)]),
      ...(types === undefined ? [] : [oneOf("type", types)]),
      versionCondition(versions),
    ];
    const sql = `SELECT ${columns} FROM objects INDEXED BY ${indexFor(query)}
      WHERE ${conditions.map((condition) => condition.sql).join(" AND ")} ORDER BY added LIMIT ?`;
    const values = conditions.flatMap((condition) => condition.values);
    return this.#db.prepare(sql).iterate(...values, limit + 1) as IterableIterator<Row>;
  }
}

/** Which versions a query or a deletion is about. */
export function versionCondition(versions: VersionMatch): Condition {
  if (versions === "all") return { sql: "1", values: [] };
  if (versions.length === 1 && versions[0] === "last") return { sql: "is_last = 1", values: [] };
  const parts = versions.map((version): Condition => {
    if (version === "last") return { sql: "is_last = 1", values: [] };
    return version === "first"
      ? { sql: "is_first = 1", values: [] }
      : { sql: "version_key = ?", values: [versionKey(version)] };
  });
  return { sql: `(${parts.map(({ sql }) => sql).join(" OR ")})`, values: parts.flatMap(({ values }) => values) };
}

/** Named, since what the planner would guess decides between one page and a walk through everything. */
function indexFor({ ids, versions }: ObjectQuery): string {
  if (ids !== undefined) return "objects_by_name";
  return versions !== "all" && versions.length === 1 && versions[0] === "last" ? "objects_last" : "objects_all";
}

function oneOf(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values };
}

/** By what is in the index first: an id's type seldom tells it from another of the same UUID. */
function namedBy(ids: readonly string[]): Condition {
  const names = ids.map(nameOfId);
  const both = names.map(() => "(?, ?)").join(", ");
  return {
    sql: `name IN (${names.map(() => "?").join(", ")}) AND (type, name) IN (VALUES ${both})`,
    values: [...names.map(({ name }) => name), ...names.flatMap(({ type, name }) => [type, name])],
  };
}

function entryOf({ type, name, version, added }: EntryRow): ObjectEntry {
  return { id: idOfName({ type, name }), version: version ?? microsecondText(added), added };
}
