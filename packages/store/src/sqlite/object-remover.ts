import type { Bytes } from "@detente/basics";
import type { VersionMatch } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { nameOfId } from "./object-id.ts";
import { versionCondition } from "./object-reader.ts";

const OF_OBJECT = "collection = (SELECT key FROM object_collections WHERE id = ?) AND name = ? AND type = ?";

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
    // Of what is left the ends may have changed.
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
    return changes;
  }
}

function parametersOf(collection: string, id: string): [string, Bytes | string, string] {
  const { type, name } = nameOfId(id);
  return [collection, name, type];
}
