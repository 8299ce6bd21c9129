/** Raised with each change of the schema: an index of another version is dropped and filled again. */
export const INDEX_VERSION = 3;

/**
 * `reversed` lets a suffix be found as a prefix; the trigram index finds what is inside. The text index keeps no
 * values of its own (sqlite.org/fts5.html#external_content_tables), so it is told of every change by triggers.
 */
export const INDEX_SCHEMA = `
  CREATE TABLE statements (id INTEGER PRIMARY KEY, log TEXT NOT NULL, idx INTEGER NOT NULL, leaf_hash BLOB NOT NULL,
    author TEXT NOT NULL, type TEXT NOT NULL, kind TEXT, at INTEGER NOT NULL, body BLOB, UNIQUE (log, idx));
  CREATE INDEX statements_by_leaf ON statements (leaf_hash);
  CREATE INDEX statements_by_kind ON statements (type, kind);
  CREATE INDEX statements_by_author ON statements (author);

  CREATE TABLE items (id INTEGER PRIMARY KEY, share BLOB NOT NULL, item INTEGER NOT NULL, kind TEXT NOT NULL,
    value TEXT NOT NULL, reversed TEXT NOT NULL, until INTEGER);
  CREATE INDEX items_by_share ON items (share, item);
  CREATE INDEX items_by_value ON items (value);
  CREATE INDEX items_by_reversed ON items (reversed);
  CREATE VIRTUAL TABLE item_text USING fts5 (value, content = 'items', content_rowid = 'id', tokenize = 'trigram');
  CREATE TRIGGER items_added AFTER INSERT ON items BEGIN
    INSERT INTO item_text (rowid, value) VALUES (new.id, new.value);
  END;
  CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN
    INSERT INTO item_text (item_text, rowid, value) VALUES ('delete', old.id, old.value);
  END;

  CREATE TABLE sightings (log TEXT NOT NULL, idx INTEGER NOT NULL, author TEXT NOT NULL, share BLOB NOT NULL,
    item INTEGER NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (log, idx)) WITHOUT ROWID;
  CREATE INDEX sightings_by_item ON sightings (share, item)`;
