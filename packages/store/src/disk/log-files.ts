import { join } from "node:path";
import { equalBytes, err, ok, type Result, toHex } from "@detente/basics";
import { leafHash } from "@detente/tlog";
import { corrupt } from "../faults.ts";
import type { LogHead, OpenFault } from "../ports.ts";
import type { FileSystem } from "./file-system.ts";
import { isTemporary, Journal, type JournalRecord } from "./journal.ts";
import { StoredTree } from "./stored-tree.ts";

/** A log as it is found on disk. */
export interface LogFiles {
  readonly journal: Journal;
  readonly tree: StoredTree;
  /** The entries from `journal.first` on, staged ones included. */
  readonly tail: Uint8Array[];
  readonly head: LogHead | undefined;
}

/**
 * Reads a log's directory, finishing or forgetting what an earlier process had begun: temporary files go, and of two
 * journals the later one is whole, so the earlier goes. The head's root must be that of the entries found.
 */
export async function openLogFiles(
  fs: FileSystem,
  directory: string,
  cacheBytes: number,
): Promise<Result<LogFiles, OpenFault>> {
  await fs.makeDirectory(directory);
  const names = await fs.list(directory);
  for (const name of names.filter(isTemporary)) await fs.remove(join(directory, name));
  // A name that is visible may not be durable yet, and nobody may build on it before it is.
  await fs.syncDirectory(directory);
  const journals = await Journal.list(fs, directory);
  const newest = journals.at(-1);
  if (newest === undefined) {
    if (names.includes("tile")) return corrupt(directory, "has tiles but no journal; restore it, or set the log aside");
    const journal = await Journal.create(fs, directory, 0, []);
    return ok({ journal, tree: new StoredTree(fs, directory, 0, cacheBytes), tail: [], head: undefined });
  }
  const opened = await Journal.open(fs, newest.path, newest.first);
  if (!opened.ok) return opened;
  const { journal, records } = opened.value;
  try {
    const tree = new StoredTree(fs, directory, journal.first, cacheBytes);
    const replayed = replay(journal, records, tree);
    if (!replayed.ok) {
      await journal.close();
      return replayed;
    }
    for (const { path } of journals.slice(0, -1)) await fs.remove(path);
    return replayed;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function replay(journal: Journal, records: readonly JournalRecord[], tree: StoredTree): Result<LogFiles, OpenFault> {
  const tail: Uint8Array[] = [];
  let head: LogHead | undefined;
  for (const record of records) {
    if (record.is === "entry") {
      tail.push(record.entry);
      tree.append(leafHash(record.entry));
    } else if (record.is === "discard") {
      const kept = head?.size ?? 0;
      tree.truncate(kept);
      tail.length = kept - journal.first;
    } else {
      if (record.head.size < (head?.size ?? journal.first) || record.head.size > tree.size) {
        return corrupt(journal.path, `a head of size ${record.head.size} does not fit the entries around it`);
      }
      head = record.head;
    }
  }
  if (head === undefined && journal.first > 0) return corrupt(journal.path, "holds no head");
  if (head !== undefined && !equalBytes(tree.root(head.size), head.root)) {
    const found = toHex(tree.root(head.size));
    return err("corrupt", `${journal.path}: the entries of size ${head.size} have root ${found}, not that of the head`);
  }
  return ok({ journal, tree, tail, head });
}
