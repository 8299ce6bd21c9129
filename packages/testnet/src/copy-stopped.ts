import { cp } from "node:fs/promises";

/**
 * Copies the data directory of a station that was stopped in this process. Its databases are whole without SQLite's
 * side files, which go when garbage is collected, perhaps while they would be copied.
 */
export async function copyStopped(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (file) => !/-(?:wal|shm)$/.test(file) });
}
