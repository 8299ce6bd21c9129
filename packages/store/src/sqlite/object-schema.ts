export const OBJECTS_VERSION = 1;

/**
 * Each collection has a clock of its own, so that the times in one tell nothing of what happens in another. Rows are in
 * the order of adding, so a walk through an index reads the table nearly in its own order. `version_key` orders versions
 * as text; `is_first` and `is_last` mark the ends, so that a walk over the newest versions passes over no older ones.
 * Type and version are in the indexes of a walk: a filter by them touches no objects that it drops.
 */
export const OBJECTS_SCHEMA = `
  CREATE TABLE object_collections (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);
  CREATE TABLE objects (row INTEGER PRIMARY KEY, added INTEGER NOT NULL, collection INTEGER NOT NULL, id TEXT NOT NULL,
    type TEXT NOT NULL, version TEXT, version_key TEXT NOT NULL, source TEXT NOT NULL, is_first INTEGER NOT NULL,
    is_last INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE UNIQUE INDEX objects_by_id ON objects (collection, id, version_key);
  CREATE UNIQUE INDEX objects_all ON objects (collection, added, type, version_key);
  CREATE INDEX objects_last ON objects (collection, added, type) WHERE is_last = 1;
  CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (collection, key)) WITHOUT ROWID;
  CREATE TABLE receipts (id TEXT PRIMARY KEY, owner TEXT NOT NULL, expires INTEGER NOT NULL, content TEXT NOT NULL)
    WITHOUT ROWID;
  CREATE INDEX receipts_by_expiry ON receipts (expires)`;
