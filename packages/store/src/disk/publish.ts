import { dirname, join } from "node:path";
import { type Bytes, present } from "@detente/basics";
import { encodeEntryBundle, entriesPath, TILE_WIDTH, tilePath } from "@detente/tlog";
import { hashesAt } from "./edge-tree.ts";
import { type FileSystem, placeFile } from "./file-system.ts";
import type { StoredTree } from "./stored-tree.ts";

/** Leaves one of the four threads that Node has for files (UV_THREADPOOL_SIZE) to the append path. */
const AT_ONCE = 3;

/** A file of a log's public layout, its content made when its turn comes. */
interface LogFile {
  readonly name: string;
  readonly content: () => Bytes;
}

/**
 * Writes the full bundles and tiles that a log of `to` entries has beyond one of `from` (both multiples of 256), in
 * the layout of tlog-tiles. Durable when it resolves. Repeating it after an interruption does no harm.
 */
export async function publish(
  fs: FileSystem,
  directory: string,
  from: number,
  to: number,
  tree: StoredTree,
  entriesOf: (bundle: number) => readonly Bytes[],
): Promise<void> {
  const files = [...newFiles(from, to, tree, entriesOf)];
  const directories = new Set(files.map(({ name }) => dirname(join(directory, name))));
  for (const one of directories) await fs.makeDirectory(one);
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const together = files.slice(at, at + AT_ONCE).map(({ name, content }, i) => {
      return placeFile(fs, join(directory, `publish-${i}.tmp`), join(directory, name), content());
    });
    // All have come to an end before a failure is told, so that none goes on behind the caller's back.
    for (const placed of await Promise.allSettled(together)) if (placed.status === "rejected") throw placed.reason;
  }
  for (const one of directories) await fs.syncDirectory(one);
}

function* newFiles(
  from: number,
  to: number,
  tree: StoredTree,
  entriesOf: (bundle: number) => readonly Bytes[],
): Generator<LogFile, void, undefined> {
  for (let bundle = from / TILE_WIDTH; bundle < to / TILE_WIDTH; bundle++) {
    yield { name: entriesPath(bundle), content: () => encodeEntryBundle(entriesOf(bundle)) };
  }
  for (let level = 0; hashesAt(level + 1, to) > 0; level++) {
    for (let index = hashesAt(level + 1, from); index < hashesAt(level + 1, to); index++) {
      const content = (): Bytes => present(tree.tile(to, level, index, TILE_WIDTH), "a full tile");
      yield { name: tilePath(level, index), content };
    }
  }
}
