import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { err, type Fault, ok, type Result } from "@detente/basics";

export type FileFault = Fault<"no-file" | "unreadable" | "not-json">;

/** Reads a JSON file; the fault names the file. */
export async function readJsonFile(path: string): Promise<Result<unknown, FileFault>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT"
      ? err("no-file", `${path} does not exist`)
      : err("unreadable", `${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err("not-json", `${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Replaces a file so that after a crash it holds either the old or the new content, whole. */
export async function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w", mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
