import { ok, type Result } from "@detente/basics";
import type { ObjectReader, ObjectWriter, Receipts } from "../object-ports.ts";
import type { OpenFault, Records } from "../ports.ts";
import { closeDatabase, type Database, type KeptSchema, openKept } from "./database.ts";
import { SqliteObjectReader } from "./object-reader.ts";
import { OBJECTS_SCHEMA, OBJECTS_VERSION, upgradeObjects } from "./object-schema.ts";
import { SqliteObjectWriter } from "./object-writer.ts";
import { RecordTable } from "./records.ts";
import { ReceiptTable } from "./receipts.ts";
import { WalThread } from "./wal-thread.ts";

export interface ObjectStore {
  readonly writer: ObjectWriter;
  readonly reader: ObjectReader;
  readonly receipts: Receipts;
  /** What whoever fills the collections has to remember; lost with them. */
  readonly marks: Records;
  /** Which objects are whose, in parts that are read one by one. */
  readonly members: Records;
  /** Resolves when no thread works on the file. Closed before, it is whole only once that thread is done. */
  idle(): Promise<void>;
  close(): void;
}

export interface ObjectStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Memory for pages of the file: the upper levels of the indexes of a million objects stay in it. */
const CACHE = `PRAGMA cache_size = -${64 * 1024}`;
/**
 * Objects until the write-ahead log is copied into the file: some 64 MiB of it. Ids are random, so each object changes
 * another page of their index; the more of them are copied at once, the more often that is one copy for several.
 */
const COPIED_ROWS = 16_384;
const MOST_PAGES = 65_536;

const SCHEMA: KeptSchema = {
  version: OBJECTS_VERSION,
  sql: OBJECTS_SCHEMA,
  upgrade(db) {
    db.exec(CACHE);
    upgradeObjects(db);
  },
};

/** Opens the collections of objects that were brought from outside; one process at a time may write. */
export function openObjects(path: string, { now }: ObjectStoreOptions): Result<ObjectStore, OpenFault> {
  const db = openKept(path, SCHEMA);
  if (!db.ok) return db;
  db.value.exec(CACHE);
  return ok(storeOver(db.value, path, now));
}

function storeOver(db: Database, path: string, now: () => number): ObjectStore {
  const wal = new WalThread(db, { path, rows: COPIED_ROWS, mostPages: MOST_PAGES });
  return {
    writer: new SqliteObjectWriter(db, wal, now),
    reader: new SqliteObjectReader(db),
    receipts: new ReceiptTable(db),
    marks: new RecordTable(db, "marks"),
    members: new RecordTable(db, "members"),
    idle: () => wal.idle(),
    close() {
      wal.close();
      closeDatabase(db);
    },
  };
}
