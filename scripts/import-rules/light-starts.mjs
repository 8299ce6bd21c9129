import { dirname, join } from "node:path/posix";
import { LIGHT_STARTS } from "./house.mjs";

/** @typedef {import("./imports.mjs").Import} Import */

/**
 * Follows what the light starts load at once, and finds where that is more than they may.
 * @param {ReadonlyMap<string, readonly Import[]>} files every source file, with what it imports
 * @param {ReadonlyMap<string, string>} entries what packages may be imported by, with the source behind it
 * @param {(file: string) => boolean} isHere whether a file's workspace is in the tree
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function heavyImports(files, entries, isHere) {
  return Object.entries(LIGHT_STARTS).flatMap(([start, allowed]) => {
    if (!isHere(start)) return [];
    if (!files.has(start)) return [{ file: start, line: 1, message: "is not there, and LIGHT_STARTS names it" }];
    return [...reached(start, files, entries, allowed)];
  });
}

/**
 * @param {string} start
 * @param {ReadonlyMap<string, readonly Import[]>} files
 * @param {ReadonlyMap<string, string>} entries
 * @param {ReadonlySet<string>} allowed
 */
function* reached(start, files, entries, allowed) {
  /** Each file with the one that it was reached from. @type {Map<string, string | undefined>} */
  const from = new Map([[start, undefined]]);
  for (const file of from.keys()) {
    for (const { specifier, line, isAtOnce } of files.get(file) ?? []) {
      // What a package says by conditions (`#crypto`) is its own edge to the platform.
      if (!isAtOnce || specifier === undefined || /^(?:node:|#)/.test(specifier)) continue;
      const isOwn = specifier.startsWith(".");
      if (!isOwn && !allowed.has(specifier)) {
        const remedy = "import a lighter entry of it, or import() it where it is needed";
        yield { file, line, message: `"${specifier}" is loaded with ${chain(file, from)}: ${remedy}` };
        continue;
      }
      const target = isOwn ? join(dirname(file), specifier) : entries.get(specifier);
      if (target !== undefined && !from.has(target)) from.set(target, file);
    }
  }
}

/**
 * The start, and the files by which a file is reached from it.
 * @param {string} file @param {ReadonlyMap<string, string | undefined>} from
 */
function chain(file, from) {
  const files = [];
  for (let at = from.get(file); at !== undefined; at = from.get(at)) files.unshift(at);
  const [start = file, ...between] = files;
  return between.length === 0 ? start : `${start} (by ${between.join(", ")})`;
}
