import type { VersionMatch } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { versionCondition } from "./object-reader.ts";

/** Deletes versions of an object, within a transaction of the caller's. */
export class ObjectRemover {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
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
