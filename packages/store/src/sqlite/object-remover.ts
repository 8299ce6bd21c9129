import type { Bytes } from "@detente/basics";
import type { VersionMatch } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { nameOfId } from "./object-id.ts";
import { versionCondition } from "./object-reader.ts";

const OF_OBJECT = "collection = (SELECT key FROM object_collections WHERE id = ?) AND name = ? AND type = ?";

const NEXT_ROWS = `SELECT row, added, type, name, source FROM objects INDEXED BY objects_all
  WHERE collection = (SELECT key FROM object_collections WHERE id = ?) AND added > ? ORDER BY added LIMIT ?`;

/** A collection, and an object by its name and type. */
type OfObject = readonly [string, Bytes | string, string];

interface Row {
  readonly row: number;
  readonly added: number;
  readonly type: string;
  readonly name: Bytes | string;
  readonly source: string;
}

/** Deletes versions of an object, within a transaction of the caller's. */
export class ObjectRemover {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All versions of each, so that no ends are left to mark. */
  removeAll(collection: string, ids: readonly string[]): number {
    const remove = this.#db.prepare(`DELETE FROM objects WHERE ${OF_OBJECT}`);
    return ids.reduce((count, id) => count + remove.run(...parametersOf(collection, id)).changes, 0);
  }

  remove(collection: string, id: string, versions: VersionMatch): number {
    const { sql, values } = versionCondition(versions);
    const object = parametersOf(collection, id);
    const { changes } = this.#db.prepare(`DELETE FROM objects WHERE ${OF_OBJECT} AND ${sql}`).run(...object, ...values);
    this.#markEnds(object);
    return changes;
  }

  /**
   * Deletes what a source has added among the next rows after a time of adding. There is no index by source: whole
   * collections are seldom walked for one.
   * @returns how many those were, and the time of the last row that was looked at; `undefined` at the end
   */
  removeOf(
    collection: string,
    source: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): { readonly count: number; readonly last: number | undefined } {
    const rows = this.#db.prepare(NEXT_ROWS).all(collection, after, limit) as Row[];
    const own = rows.filter((row) => row.source === source);
    const remove = this.#db.prepare("DELETE FROM objects WHERE row = ?");
    for (const { row } of own) remove.run(row);
    for (const { name, type } of own) this.#markEnds([collection, name, type]);
    return { count: own.length, last: rows.length < limit ? undefined : rows.at(-1)?.added };
  }

  /** Of what is left the ends may have changed. */
  #markEnds(object: OfObject): void {
    for (const [mark, end] of [
      ["is_first", "min"],
      ["is_last", "max"],
    ] as const) {
      this.#db
        .prepare(
          `UPDATE objects SET ${mark} = 1 WHERE ${OF_OBJECT} AND version_key =
             (SELECT ${end}(version_key) FROM objects WHERE ${OF_OBJECT})`,
        )
        .run(...object, ...object);
    }
  }
}

function parametersOf(collection: string, id: string): OfObject {
  const { type, name } = nameOfId(id);
  return [collection, name, type];
}
