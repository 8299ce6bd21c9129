import { TOKENIZER } from "./word-query.ts";

/** Raised with each change of the schema: an index of another version is dropped and filled again. */
export const INDEX_VERSION = 9;

/** Bytes of a text index that are gathered in memory before they are written; each writing is merged again and again. */
const GATHERED = 16 * 1024 * 1024;

/**
 * Each value stands once, with how many items of shares that stand state it: who else states it is one look-up, and no
 * pairs are kept. `reversed` lets a suffix be found as a prefix, `host` (reversed, with a dot behind it) all that is
 * below a domain, `address` all that is in a network; the trigram index finds what is inside. What was withdrawn is in
 * none of the latter three, nor among the words: only its value is still known.
 *
 * `indexed_shares` says of each share how many items of its collection are in, always in one transaction with these: what is whole is not read again, and what was broken off goes on where it was.
 *
 * Objects have versions, and their author's newest ends the others (`VersionTable`), which leaves these like what was
 * withdrawn. `claims` are the statements that shared them.
 *
 * The text indexes keep no texts of their own (sqlite.org/fts5.html#external_content_tables), so they are told of every
 * change by triggers; with `secure-delete` nothing of what was taken out stays in them.
 */
export const INDEX_SCHEMA = `
  CREATE TABLE statements (id INTEGER PRIMARY KEY, log TEXT NOT NULL, idx INTEGER NOT NULL, leaf_hash BLOB NOT NULL,
    author TEXT NOT NULL, type TEXT NOT NULL, kind TEXT, at INTEGER NOT NULL, body BLOB, UNIQUE (log, idx));
  CREATE INDEX statements_by_leaf ON statements (leaf_hash);
  CREATE INDEX statements_by_kind ON statements (type, kind);
  CREATE INDEX statements_by_author ON statements (author);

  CREATE TABLE item_values (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, reversed TEXT NOT NULL,
    host TEXT, address BLOB, standing INTEGER NOT NULL, UNIQUE (value, kind));
  CREATE INDEX values_by_reversed ON item_values (reversed);
  CREATE INDEX values_by_host ON item_values (host) WHERE standing > 0 AND host IS NOT NULL;
  CREATE INDEX values_by_address ON item_values (address) WHERE standing > 0 AND address IS NOT NULL;
  CREATE VIRTUAL TABLE value_text USING fts5 (value, content = 'item_values', content_rowid = 'id',
    tokenize = 'trigram');
  INSERT INTO value_text (value_text, rank) VALUES ('secure-delete', 1), ('hashsize', ${GATHERED});
  CREATE TRIGGER values_added AFTER INSERT ON item_values BEGIN
    INSERT INTO value_text (rowid, value) VALUES (new.id, new.value);
  END;
  CREATE TRIGGER values_removed AFTER DELETE ON item_values BEGIN
    INSERT INTO value_text (value_text, rowid, value) VALUES ('delete', old.id, old.value);
  END;

  CREATE TABLE items (id INTEGER PRIMARY KEY, share BLOB NOT NULL, item INTEGER NOT NULL, value INTEGER NOT NULL,
    until INTEGER, standing INTEGER NOT NULL, UNIQUE (share, item, value));
  CREATE INDEX items_by_value ON items (value, standing);
  CREATE TRIGGER items_changed AFTER UPDATE OF standing ON items BEGIN
    UPDATE item_values SET standing = standing + new.standing - old.standing WHERE id = new.value;
  END;
  CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN
    UPDATE item_values SET standing = standing - old.standing WHERE id = old.value;
    DELETE FROM item_values WHERE id = old.value AND NOT EXISTS (SELECT 1 FROM items WHERE value = old.value);
  END;
  CREATE TABLE withdrawn_shares (share BLOB PRIMARY KEY, withdrawn INTEGER NOT NULL, settled INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE indexed_shares (share BLOB PRIMARY KEY, items INTEGER NOT NULL, whole INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE claims (id INTEGER PRIMARY KEY, log TEXT NOT NULL, idx INTEGER NOT NULL, share BLOB NOT NULL,
    stands INTEGER NOT NULL, settled INTEGER NOT NULL, UNIQUE (share));
  CREATE TABLE versions (claim INTEGER NOT NULL, item INTEGER NOT NULL, object BLOB NOT NULL, version TEXT NOT NULL,
    idx INTEGER NOT NULL, content BLOB NOT NULL, revoked INTEGER NOT NULL, stands INTEGER NOT NULL,
    newest INTEGER NOT NULL, PRIMARY KEY (claim, item)) WITHOUT ROWID;
  CREATE INDEX versions_by_object ON versions (object, stands, version, idx);
  CREATE INDEX newest_versions ON versions (object) WHERE newest = 1;
  CREATE INDEX replaced_versions ON versions (claim, item) WHERE stands = 1 AND newest = 0;

  CREATE TABLE texts (id INTEGER PRIMARY KEY, share BLOB NOT NULL, item INTEGER NOT NULL, text TEXT NOT NULL,
    standing INTEGER NOT NULL, UNIQUE (share, item));
  CREATE VIRTUAL TABLE words USING fts5 (text, content = 'texts', content_rowid = 'id',
    tokenize = '${TOKENIZER}');
  CREATE VIRTUAL TABLE word_terms USING fts5vocab (words, 'instance');
  INSERT INTO words (words, rank) VALUES ('secure-delete', 1), ('hashsize', ${GATHERED});
  CREATE TRIGGER texts_added AFTER INSERT ON texts WHEN new.standing BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
  END;
  CREATE TRIGGER texts_withdrawn AFTER UPDATE OF standing ON texts WHEN old.standing AND NOT new.standing BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
  END;
  CREATE TRIGGER texts_restored AFTER UPDATE OF standing ON texts WHEN new.standing AND NOT old.standing BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
  END;
  CREATE TRIGGER texts_removed AFTER DELETE ON texts WHEN old.standing BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
  END;

  CREATE TABLE sightings (log TEXT NOT NULL, idx INTEGER NOT NULL, author TEXT NOT NULL, share BLOB NOT NULL,
    item INTEGER NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (log, idx)) WITHOUT ROWID;
  CREATE INDEX sightings_by_item ON sightings (share, item)`;
