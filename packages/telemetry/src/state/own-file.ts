import { join } from "node:path";
import { utf8 } from "@detente/basics";
import { type FileSystem, placeFile } from "@detente/store";

/** What the directory's own file holds: `{"v":1,"began":…}`, and `"cut":…` where something was cut off the journal. */
export interface OwnFile {
  readonly began: number;
  readonly cut: number;
}

export function ownPath(directory: string): string {
  return join(directory, "state.json");
}

/** Reads it, or makes it where there is none; undefined where it is not that. @param now milliseconds since the epoch */
export async function readOwn(fs: FileSystem, directory: string, now: () => number): Promise<OwnFile | undefined> {
  const path = ownPath(directory);
  if ((await fs.size(path)) === undefined) {
    const own = { began: now(), cut: 0 };
    await placeOwn(fs, directory, own);
    return own;
  }
  const text = Buffer.from(await fs.readFile(path)).toString();
  const [, began, cut = "0"] = /^\{"v":1,"began":([0-9]{1,16})(?:,"cut":([0-9]{1,16}))?\}\n$/.exec(text) ?? [];
  return began === undefined ? undefined : { began: Number(began), cut: Number(cut) };
}

/** Makes or replaces it; durable when it resolves. */
export async function placeOwn(fs: FileSystem, directory: string, { began, cut }: OwnFile): Promise<void> {
  const path = ownPath(directory);
  await placeFile(fs, `${path}.tmp`, path, utf8(`${JSON.stringify({ v: 1, began, ...(cut > 0 && { cut }) })}\n`));
  await fs.syncDirectory(directory);
}
