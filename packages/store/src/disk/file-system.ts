import { createReadStream, readFileSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Bytes } from "@detente/basics";

/**
 * What the store asks of the operating system, as narrow as it can be, so that tests can fail each operation,
 * stop before it, or forget what was never synced.
 */
export interface FileSystem {
  /** Opens for reading and writing; with `create` a new, empty file takes the place of any old one. */
  open(path: string, how: "existing" | "create"): Promise<OpenFile>;
  readFile(path: string): Promise<Bytes>;
  /** For tile reads inside proofs, which are synchronous: small files only. */
  readFileSync(path: string): Bytes;
  readStream(path: string): AsyncIterable<Bytes>;
  /** Bytes in a file; `undefined` where there is none. */
  size(path: string): Promise<number | undefined>;
  /** Names in a directory, sorted; none where there is no directory. */
  list(directory: string): Promise<string[]>;
  /** Makes a directory and those above it; durable when it returns. */
  makeDirectory(directory: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; no error where there is none. */
  remove(path: string): Promise<void>;
  /** Makes the directory's names durable. */
  syncDirectory(directory: string): Promise<void>;
}

export interface OpenFile {
  /** Writes all bytes at `position`. */
  write(bytes: Bytes, position: number): Promise<void>;
  /** Reads up to `length` bytes at `position`: fewer only at the end of the file. */
  read(length: number, position: number): Promise<Bytes>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  async open(path, how) {
    return openFile(await open(path, how === "create" ? "w+" : "r+"));
  },
  readFile(path) {
    return readFile(path);
  },
  readFileSync(path) {
    return readFileSync(path);
  },
  readStream(path) {
    return createReadStream(path) as AsyncIterable<Bytes>;
  },
  async size(path) {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async list(directory) {
    try {
      return (await readdir(directory)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  async makeDirectory(directory) {
    const topmost = await mkdir(directory, { recursive: true });
    if (topmost === undefined) return;
    for (let made = directory; ; made = dirname(made)) {
      await this.syncDirectory(dirname(made));
      if (made === topmost || dirname(made) === made) return;
    }
  },
  rename(from, to) {
    return rename(from, to);
  },
  remove(path) {
    return rm(path, { force: true });
  },
  async syncDirectory(directory) {
    const handle = await open(directory, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

function openFile(handle: FileHandle): OpenFile {
  return {
    async write(bytes, position) {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
    },
    async read(length, position) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * Puts a whole file in its place so that it is there in full or not at all, whenever the power goes.
 * The name itself is durable only after `syncDirectory` of the target's directory, which callers batch.
 */
export async function placeFile(fs: FileSystem, temporary: string, path: string, bytes: Bytes): Promise<void> {
  const file = await fs.open(temporary, "create");
  try {
    await file.write(bytes, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, path);
}
