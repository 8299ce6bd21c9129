import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** On the disk of the working copy: what is called `/tmp` may be memory, where a sync costs nothing. */
const DEFAULT = join(dirname(fileURLToPath(import.meta.url)), "../../data");

/**
 * Runs `work` with an empty directory of its own, and removes that afterwards.
 * @template T
 * @param {string | undefined} below by default `data` in the working copy
 * @param {(directory: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDirectory(below, work) {
  const parent = below ?? DEFAULT;
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, "bench-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The same with a directory that stays, so that a later run finds what this one made.
 * @template T
 * @param {string | undefined} below by default `data` in the working copy
 * @param {string} name
 * @param {(directory: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function withKeptDirectory(below, name, work) {
  const directory = join(below ?? DEFAULT, name);
  mkdirSync(directory, { recursive: true });
  return work(directory);
}
