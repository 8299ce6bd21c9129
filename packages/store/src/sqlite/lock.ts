import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { type StorageFault, storageFailed } from "../faults.ts";

export interface DirectoryLock {
  release(): void;
}

/** SQLITE_BUSY, see sqlite.org/rescode.html. */
const BUSY = 5;

/**
 * Takes a data directory for this process. The lock is the operating system's, on a file: it goes with the process,
 * however that ends, and leaves nothing to clean up. Nobody else may open or copy `lock.sqlite` while it is held:
 * closing any descriptor of the file drops POSIX locks.
 */
export function lockDirectory(directory: string): Result<DirectoryLock, StorageFault | Fault<"in-use">> {
  let db: DatabaseSyncInstance | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    db = new DatabaseSync(join(directory, "lock.sqlite"));
    db.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
    const held = db;
    return ok({ release: () => held.close() });
  } catch (error) {
    db?.close();
    const { errcode } = error as { errcode?: number };
    if (errcode === undefined || (errcode & 0xff) !== BUSY) return storageFailed(`locking ${directory}`, error);
    return err("in-use", `${directory} is in use by another process; stop that one, or give another data directory`);
  }
}
