import { ok, type Result } from "@detente/basics";
import { diskFault, type StorageFault } from "@detente/store";

/** Runs what writes; what the disk refuses is a fault here, any other error is thrown on. */
export async function onDisk<T>(write: () => Promise<T>): Promise<Result<T, StorageFault>> {
  try {
    return ok(await write());
  } catch (error) {
    const fault = diskFault(error);
    if (fault === undefined) throw error;
    return { ok: false, fault: { code: "storage-failed", message: fault.message } };
  }
}
