import { join } from "node:path";
import { type FileSystem, placeFile } from "@detente/store";
import { unreadable } from "../faults.ts";

/** The state could not be read or written: what it holds stays, and the same run can go on from there once it can. */
export class StateFailed extends Error {}

/** What to do about a state that is damaged. */
export const RESTORE = "restore it, or begin anew with another directory";

/** @param state the state's directory @throws StateFailed where the disk refuses */
export async function orFail(state: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new StateFailed(unreadable(state, error).fault.message, { cause: error });
  }
}

/** Makes or replaces a file in a room of the state; durable when it resolves. @throws StateFailed */
export async function placeIn(
  fs: FileSystem,
  state: string,
  room: "inputs" | "lists",
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const path = join(state, room, name);
  await orFail(state, async () => {
    await placeFile(fs, `${path}.tmp`, path, bytes);
    await fs.syncDirectory(join(state, room));
  });
}
