import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Writes files into a new directory outside the repository, lets `use` look at them and takes them away again.
 * @template T
 * @param {Readonly<Record<string, string>>} files path to text
 * @param {(directory: string) => T | Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPlanted(files, use) {
  const directory = mkdtempSync(join(tmpdir(), "detente-planted-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
