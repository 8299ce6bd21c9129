import { basename, dirname, join } from "node:path";
import { ok, type Result, utf8 } from "@detente/basics";
import { type StorageFault, storageFailed } from "../faults.ts";
import { type FileSystem, placeFile } from "./file-system.ts";

/** Moves a directory, with the reason in it, to `<evidence>/<its name>-<n>`; durable when it resolves. */
export async function setAside(
  fs: FileSystem,
  directory: string,
  evidence: string,
  reason: string,
): Promise<Result<string, StorageFault>> {
  try {
    await fs.makeDirectory(evidence);
    await placeFile(fs, join(directory, "reason.tmp"), join(directory, "reason.txt"), utf8(reason));
    await fs.syncDirectory(directory);
    const taken = new Set(await fs.list(evidence));
    let n = 1;
    while (taken.has(`${basename(directory)}-${n}`)) n++;
    const place = join(evidence, `${basename(directory)}-${n}`);
    await fs.rename(directory, place);
    await fs.syncDirectory(evidence);
    await fs.syncDirectory(dirname(directory));
    return ok(place);
  } catch (error) {
    return storageFailed(`setting ${directory} aside`, error);
  }
}
