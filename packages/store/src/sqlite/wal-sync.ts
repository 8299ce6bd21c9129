import { closeSync, fdatasyncSync, openSync } from "node:fs";
import type { Database } from "./database.ts";

/** Has what was written to a file on the disk when it returns. @param fd of the file */
export type Datasync = (fd: number) => void;

/**
 * Makes what a connection has committed durable by syncing its write-ahead log, as `synchronous = full` does after each
 * commit (sqlite.org/pragma.html#pragma_synchronous), but only after commits that are worth it, and without noting when
 * the file was changed, which takes as long again. Everything that was committed before is durable then, too. In this
 * thread: to wake another one takes longer than the disk. After a sync that failed nobody knows what is on the disk, so
 * all further changes are refused.
 */
export class WalSync {
  readonly #path: string;
  readonly #datasync: Datasync;
  #fd: number | undefined;
  #failure: Error | undefined;

  /** @param path of the database, whose commits are no longer synced by the connection itself */
  constructor(db: Database, path: string, datasync: Datasync = fdatasyncSync) {
    db.exec("PRAGMA synchronous = normal");
    this.#path = path;
    this.#datasync = datasync;
  }

  /** @param change commits something. @returns what it returned, once that is durable */
  async after<T>(change: () => T | Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    const result = await change();
    try {
      this.#datasync((this.#fd ??= openSync(`${this.#path}-wal`, "r+")));
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
    return result;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
