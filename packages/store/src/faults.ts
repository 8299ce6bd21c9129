import { err, type Err, type Fault } from "@detente/basics";

/** A write could not be made durable, or the directory is not one that this program wrote. */
export type StorageFault = Fault<"storage-failed">;

/** The bytes on disk are not those that were made durable. */
export type CorruptFault = Fault<"corrupt">;

/** Thrown by reads: what was asked for exists, but the disk did not give it back as it was written. */
export class StorageError extends Error {
  readonly fault: StorageFault | CorruptFault;

  constructor(fault: StorageFault | CorruptFault) {
    super(`${fault.code}: ${fault.message}`);
    this.name = "StorageError";
    this.fault = fault;
  }
}

/** Wraps an error of the operating system; `doing` says what failed, with its path. */
export function storageFailed(doing: string, error: unknown): Err<StorageFault> {
  if (error instanceof StorageError) return err("storage-failed", error.fault.message);
  return err("storage-failed", `${doing}: ${error instanceof Error ? error.message : String(error)}`);
}

/**
 * The fault behind an error that came out of a store or of the file system: the store's own, SQLite's, the operating
 * system's. `undefined` for any other error.
 */
export function diskFault(error: unknown): StorageFault | CorruptFault | undefined {
  if (error instanceof StorageError) return error.fault;
  if (!(error instanceof Error)) return undefined;
  const { code, errno, message } = error as NodeJS.ErrnoException;
  const isOfDisk = code === "ERR_SQLITE_ERROR" || typeof errno === "number";
  return isOfDisk ? { code: "storage-failed", message } : undefined;
}

export function corrupt(place: string, problem: string): Err<CorruptFault> {
  return err("corrupt", `${place}: ${problem}`);
}
