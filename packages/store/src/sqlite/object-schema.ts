import { type Database, transaction } from "./database.ts";
import { nameOfId } from "./object-id.ts";

export const OBJECTS_VERSION = 2;

/**
 * Each collection has a clock of its own, so that the times in one tell nothing of what happens in another. Rows are in
 * the order of adding, so a walk through an index reads the table nearly in its own order. `version_key` orders versions
 * as text; `is_first` and `is_last` mark the ends, so that a walk over the newest versions passes over no older ones.
 * Type and version are in the indexes of a walk: a filter by them touches no objects that it drops. An id is kept as its
 * type and what follows it, 16 bytes for a UUID: ids are random, so each new object changes another page of the index by
 * them, and the fewer these are, the more of them stay in memory.
 */
const OBJECT_TABLE = `
  CREATE TABLE objects (row INTEGER PRIMARY KEY, added INTEGER NOT NULL, collection INTEGER NOT NULL,
    type TEXT NOT NULL, name NOT NULL, version TEXT, version_key TEXT NOT NULL, source TEXT NOT NULL,
    is_first INTEGER NOT NULL, is_last INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE INDEX objects_by_name ON objects (collection, name, version_key);
  CREATE UNIQUE INDEX objects_all ON objects (collection, added, type, version_key);
  CREATE INDEX objects_last ON objects (collection, added, type) WHERE is_last = 1`;

export const OBJECTS_SCHEMA: string = `
  CREATE TABLE object_collections (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);
  ${OBJECT_TABLE};
  CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (collection, key)) WITHOUT ROWID;
  CREATE TABLE receipts (id TEXT PRIMARY KEY, owner TEXT NOT NULL, expires INTEGER NOT NULL, content TEXT NOT NULL)
    WITHOUT ROWID;
  CREATE INDEX receipts_by_expiry ON receipts (expires)`;

/** Brings a store of version 1 here, which had ids as text in its rows and in an index beside their versions. */
export function upgradeObjects(db: Database): void {
  db.function("name_of", (id: unknown) => nameOfId(String(id)).name);
  transaction(db, () =>
    db.exec(`
      ALTER TABLE objects RENAME TO objects_1;
      DROP INDEX objects_by_id; DROP INDEX objects_all; DROP INDEX objects_last;
      ${OBJECT_TABLE};
      INSERT INTO objects SELECT row, added, collection, type, name_of(id), version, version_key, source, is_first,
        is_last, bytes FROM objects_1 ORDER BY row;
      DROP TABLE objects_1;
      PRAGMA user_version = ${OBJECTS_VERSION}`),
  );
}
