import type { VersionMatch } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { versionCondition } from "./object-reader.ts";

/** Deletes versions of an object, within a transaction of the caller's. */
export class ObjectRemover {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All versions of each, so that no ends are left to mark. */
  removeAll(collection: string, ids: readonly string[]): number {
    const remove = this.#db.prepare(
      "DELETE FROM objects WHERE collection = (SELECT key FROM object_collections WHERE id = ?) AND id = ?",
    );
    return ids.reduce((count, id) => count + remove.run(collection, id).changes, 0);
  }

  remove(collection: string, id: string, versions: VersionMatch): number {
    const { sql, values } = versionCondition(versions);
    const ofObject = "collection = (SELECT key FROM object_collections WHERE id = ?) AND id = ?";
    const { changes } = this.#db
      .prepare(`DELETE FROM objects WHERE ${ofObject} AND ${sql}`)
      .run(collection, id, ...values);
    // Of what is left the ends may have changed.
    for (const [mark, end] of [
      ["is_first", "min"],
      ["is_last", "max"],
    ] as const) {
      this.#db
        .prepare(
          `UPDATE objects SET ${mark} = 1 WHERE ${ofObject} AND version_key =
             (SELECT ${end}(version_key) FROM objects WHERE ${ofObject})`,
        )
        .run(collection, id, collection, id);
    }
    return changes;
  }
}
