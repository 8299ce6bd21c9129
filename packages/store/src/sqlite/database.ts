import { rmSync } from "node:fs";
import { err, ok, type Result } from "@detente/basics";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { storageFailed } from "../faults.ts";
import type { OpenFault } from "../ports.ts";

export type Database = DatabaseSyncInstance;

/** How long a statement waits for another connection's lock, in milliseconds. */
const BUSY_MS = 5000;

/** What is lost with the newest transactions: `full` nothing, `normal` those that the power took. */
export type Durability = "full" | "normal";

/**
 * What is deleted is overwritten: not only free of readers but gone from the file, once the write-ahead log has been
 * copied into it (`emptyWal`).
 */
export function openDatabase(path: string, durability: Durability): Database {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability}; PRAGMA foreign_keys = ON;
      PRAGMA secure_delete = ON`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** A text that arrives whole: what is bound as text ends at its first U+0000 (sqlite.org/nulinstr.html), which parts words. */
export function withoutNul(text: string): string {
  return text.replaceAll("\0", " ");
}

/** What SQLite lets the write-ahead log grow to before it begins it anew: 1,000 pages (sqlite.org/wal.html §2.1). */
const LOG_BYTES = 4_000_000;

/**
 * Has the write-ahead log take its full size now. To sync what is written over bytes that a file has costs a tenth of
 * what it costs where the file grows, since the file system has nothing to note. What fills it is a transaction that is
 * taken back, and too large for the cache.
 */
export function reserveWal(db: Database): void {
  const { cache_size } = db.prepare("PRAGMA cache_size").get() as { cache_size: number };
  db.exec("PRAGMA cache_size = 16; BEGIN IMMEDIATE");
  try {
    db.exec(`CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(${LOG_BYTES}))`);
  } catch {
    // Where the disk has no room the log grows with what is written, as far as it can.
  } finally {
    if (db.isTransaction) db.exec("ROLLBACK");
    db.exec(`PRAGMA cache_size = ${cache_size}`);
  }
}

/**
 * Closes a connection and leaves everything in the main file. SQLite itself does that when the last statement is
 * finalized (sqlite.org/c3ref/close.html), which with this library is when garbage is collected, or never.
 */
export function closeDatabase(db: Database): void {
  try {
    emptyWal(db);
  } catch {
    // Where the disk refuses, everything stays in the `-wal`, where the next opening finds it.
  }
  db.close();
}

/** Copies the write-ahead log into the file and cuts it to nothing, so that what was overwritten is in neither. */
export function emptyWal(db: Database): void {
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function schemaVersion(db: Database): number {
  return (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

function createSchema(db: Database, version: number, schema: string): void {
  transaction(db, () => db.exec(`${schema}; PRAGMA user_version = ${version}`));
}

/** What a kept database is made of, and how one of the version before is brought there. */
export interface KeptSchema {
  readonly version: number;
  readonly sql: string;
  readonly upgrade?: (db: Database) => void;
}

/** Opens a database that holds what nothing else holds, or makes it: one of another version, or damaged, is refused. */
export function openKept(path: string, { version, sql, upgrade }: KeptSchema): Result<Database, OpenFault> {
  let db: Database | undefined;
  try {
    db = openDatabase(path, "full");
    const found = schemaVersion(db);
    if (found === version) return ok(db);
    if (found === 0) createSchema(db, version, sql);
    else if (found === version - 1 && upgrade !== undefined) upgrade(db);
    else {
      db.close();
      return err("storage-failed", `${path} is of version ${found}, this program knows ${version}; use the newer one`);
    }
    return ok(db);
  } catch (error) {
    db?.close();
    return storageFailed(`opening ${path}`, error);
  }
}

/** Opens a database that can be made again from other files: one of another version, or damaged, is thrown away. */
export function openRebuildable(path: string, version: number, schema: string): { db: Database; fresh: boolean } {
  try {
    const db = openDatabase(path, "normal");
    if (schemaVersion(db) === version) return { db, fresh: false };
    db.close();
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  const db = openDatabase(path, "normal");
  createSchema(db, version, schema);
  return { db, fresh: true };
}

export function transaction<T>(db: Database, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, see sqlite.org/rescode.html. */
function isDamaged(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [11, 26].includes(errcode & 0xff);
}
