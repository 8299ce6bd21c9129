import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareBytes, err, utf8 } from "@detente/basics";
import { type InputFault, unreadable } from "../faults.ts";
import { globBase, globMatcher, isGlob } from "./glob.ts";

/** A file to be screened, as it was when it was found. */
export interface FoundFile {
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
  /** Bytes. */
  readonly size: bigint;
  readonly mtimeNs: bigint;
  /** Whether it has a beginning to come back to: no pipe, no device. */
  readonly isRegular: boolean;
}

export interface FoundFiles {
  /** Each file once, whatever names and links lead to it: those of the first argument, then those of the second … */
  readonly files: readonly FoundFile[];
  /** What could not be looked at. */
  readonly faults: readonly InputFault[];
}

/**
 * The files behind names as a person gives them: files, directories with all that is in them, patterns (unless a
 * file has the pattern for its name). Within a directory in the order of the bytes of their paths. Symbolic links are
 * followed, each directory once, so that loops end. In directories only regular files count.
 * @param without a directory that is left out, though it stands in another one
 */
export async function findFiles(names: readonly string[], without?: string): Promise<FoundFiles> {
  const left = without === undefined ? undefined : await stat(without, { bigint: true });
  const search = new Search(left);
  for (const name of names) await search.name(name);
  return search;
}

class Search implements FoundFiles {
  readonly files: FoundFile[] = [];
  readonly faults: InputFault[] = [];
  readonly #seen = new Set<string>();
  readonly #without: string | undefined;
  /** Files so far, also those that were found before under another name. */
  #matched = 0;

  constructor(without: BigIntStats | undefined) {
    this.#without = without && keyOf(without);
  }

  #visited(): Set<string> {
    return new Set(this.#without === undefined ? [] : [this.#without]);
  }

  async name(name: string): Promise<void> {
    const stats = await stat(name, { bigint: true }).catch((error: unknown) => error);
    if (isStats(stats)) {
      if (stats.isDirectory()) await this.#directory(name, () => true, this.#visited());
      else this.#file(name, stats);
    } else if (isGlob(name)) await this.#glob(name);
    else {
      const { message } = unreadable(name, stats).fault;
      const isMissing = (stats as NodeJS.ErrnoException).code === "ENOENT";
      this.faults.push({ code: isMissing ? "nothing" : "unreadable", message });
    }
  }

  async #glob(pattern: string): Promise<void> {
    const before = this.#matched + this.faults.length;
    await this.#directory(globBase(pattern), globMatcher(pattern), this.#visited());
    if (this.#matched + this.faults.length > before) return;
    this.faults.push(err("nothing", `${pattern}: matches no file — quote it, and check the path`).fault);
  }

  #file(path: string, stats: BigIntStats): void {
    this.#matched++;
    const { dev, ino, size, mtimeNs } = stats;
    const key = keyOf(stats);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.files.push({ path, dev, ino, size, mtimeNs, isRegular: stats.isFile() });
  }

  /** @param visited directories of this name that were looked into, so that links that lead back are not followed */
  async #directory(directory: string, matches: (path: string) => boolean, visited: Set<string>): Promise<void> {
    const own = await stat(directory, { bigint: true }).catch((error: unknown) => error);
    const names = await readdir(directory).catch((error: unknown) => error);
    if (!isStats(own) || !Array.isArray(names)) {
      this.faults.push(unreadable(directory, isStats(own) ? names : own).fault);
      return;
    }
    const here = keyOf(own);
    if (visited.has(here)) return;
    visited.add(here);
    const entries = await Promise.all((names as string[]).map((name) => entryOf(join(directory, name))));
    // In the order of whole paths: "a.log" comes before "a/b", since "." comes before "/".
    entries.sort((a, b) => compareBytes(utf8(orderOf(a)), utf8(orderOf(b))));
    for (const { path, stats, error } of entries) {
      if (stats === undefined) {
        if (matches(path)) this.faults.push(unreadable(path, error).fault);
      } else if (stats.isDirectory()) await this.#directory(path, matches, visited);
      else if (stats.isFile() && matches(path)) this.#file(path, stats);
    }
  }
}

function keyOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

interface Entry {
  readonly path: string;
  readonly stats?: BigIntStats;
  readonly error?: unknown;
}

async function entryOf(path: string): Promise<Entry> {
  try {
    return { path, stats: await stat(path, { bigint: true }) };
  } catch (error) {
    return { path, error };
  }
}

function orderOf({ path, stats }: Entry): string {
  return stats?.isDirectory() === true ? `${path}/` : path;
}

function isStats(value: unknown): value is BigIntStats {
  return typeof value === "object" && value !== null && "ino" in value;
}
