import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { parseTime } from "@detente/intel/time";
import { type ObservedResults, readResults } from "@detente/rla";
import { readOrTrouble } from "../audit/read-or-trouble.ts";
import { readWhole } from "../files.ts";
import { Trouble } from "../trouble.ts";

/** Snapshots in one directory: an election night with one a minute for a week, from ten observers. */
const MAX_FILES = 100_000;
const MAX_BYTES = 128 << 20;

interface SnapshotFile {
  readonly path: string;
  readonly observer: string;
  readonly at: number;
}

/**
 * The snapshots in a directory: `OBSERVER/FILE`, or files of one observer. When one was got is told by a time in its
 * name (`2026-11-03T21-15-00Z.xml`), else by when the file was last changed.
 */
export async function snapshotFiles(dir: string): Promise<SnapshotFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined)
    throw new Trouble(dir, "is no directory that can be read", "check the path and its permissions");
  const files = entries.filter((entry) => entry.isFile() && /\.(?:csv|xml|json)$/i.test(entry.name));
  if (files.length > MAX_FILES)
    throw new Trouble(dir, `holds more than ${MAX_FILES} snapshots`, "watch one election at a time");
  const found = await Promise.all(
    files.map(async (entry): Promise<SnapshotFile | undefined> => {
      const path = join(entry.parentPath, entry.name);
      const [observer = ""] = relative(dir, entry.parentPath).split(sep);
      const at = timeInName(entry.name) ?? (await stat(path).catch(() => undefined))?.mtimeMs;
      return at === undefined ? undefined : { path, observer, at };
    }),
  );
  // Whoever puts files here may have taken one away meanwhile.
  return found.filter((file) => file !== undefined);
}

/** Times in names of files often have `-` where `:` cannot stand. */
function timeInName(name: string): number | undefined {
  const [, date, hour, minute, second = "00"] =
    /(\d{4}-\d\d-\d\d)[T_ ](\d\d)[-_:]?(\d\d)(?:[-_:]?(\d\d))?/.exec(name) ?? [];
  return date === undefined ? undefined : parseTime(`${date}T${hour}:${minute}:${second}Z`);
}

/** Reads a snapshot whole; digest and size are those of the file's bytes. */
export async function observe({
  path,
  observer,
  at,
}: SnapshotFile): Promise<ObservedResults & { readonly size: number }> {
  const bytes = await readWhole(path, MAX_BYTES);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const results = readOrTrouble(await readResults({ name: path, open: pieces }));
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { name: path, observer, at, digest, results, size: bytes.length };
}
