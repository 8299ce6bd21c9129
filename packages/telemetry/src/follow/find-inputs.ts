import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { compareText } from "@detente/basics";
import type { InputFault } from "../faults.ts";
import { findFiles, type FoundFile } from "../inputs/find-files.ts";
import { globMatcher, isGlob } from "../inputs/glob.ts";
import type { Entry } from "../state/entry.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { rotatedFrom } from "./rotation.ts";

/** The clock of a file system may lag behind the system's by a tick; one more second does no harm. */
const LAG_NS = 1_000_000_000n;

export interface InputFile extends FoundFile {
  /** The name that its log is written under: another one than its path once it was rotated. */
  readonly name: string;
  /** Whether a log may still be written here, so that its last line may not be whole yet. */
  readonly isLive: boolean;
}

export interface Inputs {
  /** What was rotated away comes first, the oldest in front; then all else in the order of the names. */
  readonly files: readonly InputFile[];
  readonly faults: readonly InputFault[];
}

/**
 * Looks for the files behind names. To a log belong its rotated predecessors in the same directory, as far as they
 * were read before or have changed since: whatever stood in them before that was never asked for.
 * What the state itself consists of is no input.
 */
export async function findInputs(names: readonly string[], state: StateDirectory): Promise<Inputs> {
  const entries = state.entries();
  const { files, faults } = await findFiles(names, state.path);
  const live = liveNames(names, files, entries);
  const found = new Set(files.map(inodeOf));
  const known = new Set(entries.map(inodeOf));
  const since = BigInt(state.began) * 1_000_000n - LAG_NS;
  const rotated: InputFile[] = [];
  for (const [path, name] of await siblingsOf(live)) {
    const [file] = (await findFiles([path])).files;
    if (file?.isRegular !== true || found.has(inodeOf(file))) continue;
    if (!known.has(inodeOf(file)) && file.mtimeNs < since) continue;
    found.add(inodeOf(file));
    rotated.push({ ...file, name, isLive: false });
  }
  rotated.sort((a, b) => Number(a.mtimeNs - b.mtimeNs) || compareAge(a.path, b.path));
  const own = files.map((file) => ({ ...file, name: file.path, isLive: live.has(file.path) }));
  return { files: [...rotated, ...own], faults };
}

/** The device and inode of a file or of what is known of one. */
export function inodeOf({ dev, ino }: { readonly dev: bigint | string; readonly ino: bigint | string }): string {
  return `${dev}:${ino}`;
}

/** The names that logs are written under: given themselves or by a pattern. All that is in a directory just is there. */
function liveNames(
  names: readonly string[],
  files: readonly FoundFile[],
  entries: readonly Entry[],
): ReadonlySet<string> {
  const live = new Set<string>();
  for (const name of names) {
    if (files.some(({ path }) => path === name)) live.add(name);
    else if (isGlob(name)) {
      const matches = globMatcher(name);
      for (const { path } of files) if (matches(path)) live.add(path);
      for (const { name: known } of entries) if (matches(known)) live.add(known);
    } else if (!files.some(({ path }) => path.startsWith(join(name, "/")))) live.add(name);
  }
  return live;
}

/** What may have been rotated from logs, with the log's name; none where a directory cannot be read. */
async function siblingsOf(logs: ReadonlySet<string>): Promise<[path: string, log: string][]> {
  const directories = new Map<string, Map<string, string>>();
  for (const log of logs) {
    const within = directories.get(dirname(log)) ?? new Map<string, string>();
    directories.set(dirname(log), within.set(basename(log), log));
  }
  const siblings: [string, string][] = [];
  for (const [directory, within] of directories) {
    const names = new Set(within.keys());
    for (const name of (await readdir(directory).catch(() => [])).sort(compareText)) {
      const log = within.get(rotatedFrom(name, names) ?? "");
      if (log !== undefined) siblings.push([join(directory, name), log]);
    }
  }
  return siblings;
}

/** Of files that changed in the same moment: `log.2` is older than `log.1`, and an earlier date than a later one. */
function compareAge(a: string, b: string): number {
  const number = (path: string): number => Number(/\.([0-9]{1,5})(?:\.[a-z]+)*$/.exec(path)?.[1] ?? 0);
  return number(b) - number(a) || compareText(a, b);
}
