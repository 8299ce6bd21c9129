import { ok, type Result } from "@detente/basics";
import { type StorageFault, storageFailed } from "../faults.ts";
import type { IndexReader, IndexWriter } from "../index-ports.ts";
import type { SearchReader } from "../search-ports.ts";
import type { VersionReader } from "../version-ports.ts";
import { closeDatabase, openRebuildable } from "./database.ts";
import { SqliteIndexReader } from "./index-reader.ts";
import { INDEX_SCHEMA, INDEX_VERSION } from "./index-schema.ts";
import { SqliteSearchReader } from "./search-reader.ts";
import { SqliteIndexWriter } from "./index-writer.ts";
import { ItemStanding } from "./item-standing.ts";
import { SqliteVersionReader } from "./version-reader.ts";
import { WalThread } from "./wal-thread.ts";

export interface IndexStore {
  readonly writer: IndexWriter;
  readonly reader: IndexReader;
  readonly search: SearchReader;
  readonly versions: VersionReader;
  /** Nothing is in it: it is new, or was of another version. It is to be filled from the record. */
  readonly fresh: boolean;
  /** Resolves when no thread works on the file. Closed before, it is whole only once that thread is done. */
  idle(): Promise<void>;
  close(): void;
}

/** Values come in any order, so that each new one changes other pages: in memory, the most of them are changed once. */
const CACHE_KIB = 64 * 1024;
/** Rows until the write-ahead log is copied into the file: some 16 MiB of it. */
const COPIED_ROWS = 4000;
const MOST_PAGES = 16_384;

/** Opens the index; `:memory:` for one that is not kept. */
export function openIndex(path: string): Result<IndexStore, StorageFault> {
  try {
    const { db, fresh } = openRebuildable(path, INDEX_VERSION, INDEX_SCHEMA);
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    const wal = new WalThread(db, { path, rows: COPIED_ROWS, mostPages: MOST_PAGES });
    const standing = new ItemStanding(db);
    return ok({
      writer: new SqliteIndexWriter(db, wal, standing),
      reader: new SqliteIndexReader(db),
      search: new SqliteSearchReader(db),
      versions: new SqliteVersionReader(db, standing),
      fresh,
      idle: () => wal.idle(),
      close() {
        wal.close();
        closeDatabase(db);
      },
    });
  } catch (error) {
    return storageFailed(`opening ${path}`, error);
  }
}
