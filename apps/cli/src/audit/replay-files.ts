import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type PublishedFile, publishedKind } from "@detente/rla";
import { inputFile } from "../files.ts";
import { Trouble } from "../trouble.ts";
import { readOrTrouble } from "./read-or-trouble.ts";

/** Files of one audit: no state has as many. */
const MAX_FILES = 20_000;

interface Found {
  readonly files: readonly PublishedFile[];
  /** In a directory, and of no use for a replay: which, and why. */
  readonly unused: readonly string[];
}

/**
 * The published files that arguments name: a file, all CSV files and workbooks of a directory, or `NAME=FILE`, which says whose
 * manifest or tallies it is. A file that was named and that no replay reads is trouble; in a directory, where workbooks
 * of all sorts lie, it is passed over, and said.
 */
export async function replayFiles(args: readonly string[], seen: (bytes: number) => void): Promise<Found> {
  const files: PublishedFile[] = [];
  const unused: string[] = [];
  for (const { path, jurisdiction, isNamed } of await expanded(args)) {
    const file = inputFile(path, seen);
    const told = await publishedKind(file);
    if (!told.ok && !isNamed) {
      unused.push(told.fault.message);
      continue;
    }
    const kind = readOrTrouble(told);
    if (kind !== undefined) files.push({ file, jurisdiction, kind });
    else if (isNamed)
      throw new Trouble(path, "is none of the files that a replay reads", "see `detente audit replay --help`");
    else unused.push(`${path}: not used`);
  }
  return { files, unused };
}

interface Argument {
  readonly path: string;
  readonly jurisdiction: string | undefined;
  readonly isNamed: boolean;
}

async function expanded(args: readonly string[]): Promise<Argument[]> {
  const found: Argument[] = [];
  for (const arg of args) {
    const info = await stat(arg).catch(() => undefined);
    if (info?.isDirectory() === true) {
      const entries = await readdir(arg, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile() && /\.(?:csv|xlsx)$/i.test(entry.name));
      if (paths.length > MAX_FILES)
        throw new Trouble(arg, `holds more than ${MAX_FILES} files`, "name those of one audit");
      const sorted = paths.map((entry) => join(entry.parentPath, entry.name)).sort();
      found.push(...sorted.map((path) => ({ path, jurisdiction: undefined, isNamed: false })));
      continue;
    }
    const at = info === undefined ? arg.indexOf("=") : -1;
    found.push({
      path: arg.slice(at + 1),
      jurisdiction: at > 0 ? arg.slice(0, at) : undefined,
      isNamed: true,
    });
  }
  return found;
}
