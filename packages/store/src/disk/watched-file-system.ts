import type { Bytes } from "@detente/basics";
import type { FileSystem, OpenFile } from "./file-system.ts";

/** An operation that is about to change the disk or to make a change durable. */
export interface FileOperation {
  readonly kind:
    | "create"
    | "write"
    | "truncate"
    | "datasync"
    | "rename"
    | "remove"
    | "make-directory"
    | "sync-directory";
  readonly path: string;
  /** Bytes of a write, 0 for all else. */
  readonly bytes: number;
}

/** Thrown by a watcher to fail an operation; a write may get part of the way first. */
export class InjectedFault extends Error {
  readonly code: string;
  readonly written: number;

  constructor(code: string, written: number = 0) {
    super(`${code}: injected`);
    this.name = "InjectedFault";
    this.code = code;
    this.written = written;
  }
}

/**
 * A file system that shows each changing operation to `before`, which may throw to fail it, or end the process.
 * For tests of what must survive that.
 */
export function watchedFileSystem(inner: FileSystem, before: (operation: FileOperation) => void): FileSystem {
  const watch = (kind: FileOperation["kind"], path: string): void => before({ kind, path, bytes: 0 });
  const watched = (path: string, file: OpenFile): OpenFile => ({
    async write(bytes: Bytes, position: number) {
      try {
        before({ kind: "write", path, bytes: bytes.length });
      } catch (error) {
        const written = error instanceof InjectedFault ? Math.min(error.written, bytes.length) : 0;
        if (written > 0) await file.write(bytes.subarray(0, written), position);
        throw error;
      }
      await file.write(bytes, position);
    },
    async datasync() {
      watch("datasync", path);
      await file.datasync();
    },
    async truncate(length) {
      watch("truncate", path);
      await file.truncate(length);
    },
    read: (length, position) => file.read(length, position),
    close: () => file.close(),
  });
  return {
    readFile: (path) => inner.readFile(path),
    readFileSync: (path) => inner.readFileSync(path),
    readStream: (path) => inner.readStream(path),
    size: (path) => inner.size(path),
    list: (directory) => inner.list(directory),
    async open(path, how) {
      if (how === "create") watch("create", path);
      return watched(path, await inner.open(path, how));
    },
    async makeDirectory(directory) {
      watch("make-directory", directory);
      await inner.makeDirectory(directory);
    },
    async rename(from, to) {
      watch("rename", to);
      await inner.rename(from, to);
    },
    async remove(path) {
      watch("remove", path);
      await inner.remove(path);
    },
    async syncDirectory(directory) {
      watch("sync-directory", directory);
      await inner.syncDirectory(directory);
    },
  };
}
