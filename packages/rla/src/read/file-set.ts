import { ok, type Result } from "@detente/basics";
import type { ReadFault } from "./fault.ts";
import type { InputFile } from "./input.ts";

/** One of the files that make up an export; read in its turn or not at all. */
export interface FileEntry {
  readonly name: string;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** Files that make up one export, in the same order each time they are gone through: loose ones, or an archive's. */
export type FileSet = () => AsyncIterable<Result<FileEntry, ReadFault>>;

export function looseFiles(files: readonly InputFile[]): FileSet {
  return async function* () {
    for (const { name, open } of files) yield ok({ name, chunks: open });
  };
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
