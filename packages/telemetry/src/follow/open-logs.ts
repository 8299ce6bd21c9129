import { LogFile } from "../content/log-file.ts";

/** So many logs are kept open: fewer than a process may have, more than a machine writes at once. */
const MAX_OPEN = 256;

/** Logs that are being written, held open so that they can be read to their end when their names are gone. */
export class OpenLogs {
  readonly #maxUnpacked: number;
  /** By inode; the one that was used last is at the end. */
  readonly #held = new Map<string, LogFile>();

  constructor(maxUnpacked: number) {
    this.#maxUnpacked = maxUnpacked;
  }

  /** The log of an inode that is held, else the one that has the path now, which may be another. */
  async get(inode: string, path: string): Promise<LogFile> {
    return this.#held.get(inode) ?? (await LogFile.open(path, this.#maxUnpacked));
  }

  async keep(inode: string, log: LogFile): Promise<void> {
    this.#held.delete(inode);
    this.#held.set(inode, log);
    for (const [oldest, unused] of this.#held) {
      if (this.#held.size <= MAX_OPEN) return;
      await this.drop(oldest, unused);
    }
  }

  async drop(inode: string, log: LogFile): Promise<void> {
    if (this.#held.get(inode) === log) this.#held.delete(inode);
    await log.close();
  }

  held(): [inode: string, log: LogFile][] {
    return [...this.#held];
  }

  async close(): Promise<void> {
    for (const [inode, log] of this.#held) await this.drop(inode, log);
  }
}
