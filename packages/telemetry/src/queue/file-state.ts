import { type FileHandle, open, stat } from "node:fs/promises";
import { err, type Fault, ok, type Result, sha256, toHex } from "@detente/basics";

/**
 * By what a worker knows that a file is the one that was planned. Neither device nor inode: the same file has others
 * on another machine.
 */
export interface FileState {
  readonly size: number;
  /** Milliseconds since the epoch, whole ones: not every file system keeps more. */
  readonly modified: number;
  /** SHA-256 of its first 4 KiB, in hexadecimal. */
  readonly head: string;
}

const HEAD = 4096;

/** Looks at a file; the message of a fault is without the path. */
export async function fileState(path: string): Promise<Result<FileState, Fault<"unreadable">>> {
  let file: FileHandle | undefined;
  try {
    // Before it is opened: opening a pipe waits for whoever writes to it.
    const found = await stat(path);
    if (!found.isFile()) return err("unreadable", "is no file — only files can be read in parts by several workers");
    file = await open(path);
    const head = toHex(sha256(await firstBytes(file, HEAD)));
    return ok({ size: found.size, modified: Math.floor(found.mtimeMs), head });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return err("unreadable", `cannot be read here (${code || message}) — check the path, the mount and permissions`);
  } finally {
    await file?.close();
  }
}

export function sameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.modified === b.modified && a.head === b.head;
}

/** A file's first bytes, as many as it has of `length`. */
export async function firstBytes(file: FileReader, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

/** What of an open file is needed here. */
export interface FileReader {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}
