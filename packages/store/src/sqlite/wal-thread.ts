import { Thread } from "../thread.ts";
import type { Database } from "./database.ts";

/** To copy the log, which is answered, or to end. */
export type WalOrder = "copy" | "end";

export interface WalThreadOptions {
  /** Of the database; `:memory:` has no log. */
  readonly path: string;
  /** Rows that are written until the log is copied. */
  readonly rows: number;
  /** Pages of the log at which whoever writes copies it after all: so much it has at most, should the thread fail. */
  readonly mostPages: number;
}

/**
 * Copies the write-ahead log of a database into its file on a thread of its own, while the database is read and written
 * (sqlite.org/wal.html#ckpt): that takes the disk, and so this process, up to a second for some ten megabytes. What was
 * written meanwhile is left to the caller's thread, for a log begins anew only when all of it was copied.
 */
export class WalThread {
  readonly #db: Database;
  readonly #options: WalThreadOptions;
  #thread: Thread<WalOrder, "copied"> | undefined;
  #written = 0;
  #copying: Promise<void> | undefined;

  constructor(db: Database, options: WalThreadOptions) {
    this.#db = db;
    this.#options = options;
    db.exec(`PRAGMA wal_autocheckpoint = ${options.mostPages}`);
  }

  /** To be called after each transaction. */
  written(rows: number): void {
    const { path, rows: most } = this.#options;
    this.#written += rows;
    if (this.#written < most || this.#copying !== undefined || path === ":memory:") return;
    this.#written = 0;
    // What the disk refuses here it refuses whoever writes next, who says so.
    this.#copying = this.#copy(path)
      .catch(() => undefined)
      .finally(() => {
        this.#copying = undefined;
      });
  }

  /** Resolves when nothing is being copied: until the next call of `written` the log is the caller's alone. */
  async idle(): Promise<void> {
    await this.#copying;
  }

  /** Ends the thread once nothing is being copied: ended in the middle, SQLite would take the process with it. */
  close(): void {
    this.#thread?.tell("end");
  }

  /** Where the thread fails, the log stays as it is for whoever writes. */
  async #copy(path: string): Promise<void> {
    if (this.#thread?.hasEnded !== false) this.#thread = new Thread(import.meta.url, "wal-worker", path);
    await this.#thread.ask("copy");
    if (this.#db.isOpen) this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }
}
