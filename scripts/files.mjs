import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What holds nothing written by hand: directories, and the file that `.git` is in a worktree. */
const SKIPPED = new Set(["node_modules", "dist", ".git", ".vitest", "coverage"]);

/** What running stations leave at the root. */
const LEFT = new Set(["data", "demo-data"]);

/**
 * Every file below `root`, as sorted paths relative to it with `/` between the parts.
 * It walks the disk rather than asking git, so that a source archive is checked like a clone.
 * @param {string} root
 * @param {string} [below] directory to start in, relative to `root`
 * @returns {string[]}
 */
export function filesBelow(root, below = "") {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (SKIPPED.has(entry.name)) return [];
      if (entry.isDirectory()) return LEFT.has(path) ? [] : filesBelow(root, path);
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}

/** @param {string} root @param {string} path */
export function readText(root, path) {
  return readFileSync(join(root, path), "utf8");
}

/** @param {string} path */
export function isSource(path) {
  return /\.(?:ts|tsx|mts|js|mjs)$/.test(path) && !path.endsWith(".d.ts");
}

/**
 * Tests, benchmarks, and the directories of what only they use.
 * @param {string} path
 */
export function isTest(path) {
  return /\.(?:test|bench)\.tsx?$|\/(?:src\/testing|test)\//.test(path);
}
