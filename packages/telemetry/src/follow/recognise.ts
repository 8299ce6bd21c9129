import { sha256, toHex } from "@detente/basics";
import type { Content } from "../content/content.ts";
import { LogFile } from "../content/log-file.ts";
import { EDGE_BYTES } from "../content/tracker.ts";
import { digest } from "../hit-record.ts";
import { endOf, type Entry } from "../state/entry.ts";

export interface Recognised {
  readonly entry: Entry;
  /** What stands behind the part that was read. */
  readonly content: Content;
}

/**
 * Finds the log that a file holds among those that were read before, by their content: a log that was renamed and
 * packed, or copied before it was cut, goes on under another inode.
 */
export async function recognise(file: LogFile, candidates: readonly Entry[]): Promise<Recognised | undefined> {
  const read = candidates.filter((entry) => endOf(entry).offset > 0);
  if (read.length === 0) return undefined;
  const first = await file.first(EDGE_BYTES);
  const heads = new Map<number, string>();
  for (const entry of read) {
    const length = Math.min(EDGE_BYTES, entry.read.offset);
    if (length > first.length) continue;
    const head = heads.get(length) ?? toHex(sha256(first.subarray(0, length)));
    heads.set(length, head);
    if (head !== entry.read.head) continue;
    const content = await file.after(entry.read);
    if (content !== undefined) return { entry, content };
  }
  return undefined;
}

/**
 * An identity for a log that was not seen before.
 * @param first its first bytes, unpacked; its first line counts, up to `EDGE_BYTES` of it
 * @param isTaken whether another log has an id: one that is written anew in its place may begin as that did
 */
export function newIdentity(
  file: { readonly dev: bigint; readonly ino: bigint },
  first: Uint8Array,
  isTaken: (id: string) => boolean,
): string {
  const newline = first.indexOf(0x0a);
  const line = toHex(sha256(newline < 0 ? first : first.subarray(0, newline)));
  for (let generation = 0; ; generation++) {
    const id = digest([String(file.dev), String(file.ino), line, generation]);
    if (!isTaken(id)) return id;
  }
}

/** The identity of a log that no state knows. Throws as the file system does. */
export async function identityOf(path: string, maxUnpacked: number): Promise<string> {
  const log = await LogFile.open(path, maxUnpacked);
  try {
    return newIdentity(await log.status(), await log.first(EDGE_BYTES), () => false);
  } finally {
    await log.close();
  }
}
