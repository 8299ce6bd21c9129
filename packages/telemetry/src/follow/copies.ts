import { basename, dirname } from "node:path";
import { equalBytes } from "@detente/basics";
import { LogFile } from "../content/log-file.ts";
import { EDGE_BYTES } from "../content/tracker.ts";
import type { Entry } from "../state/entry.ts";
import { rotatedFrom } from "./rotation.ts";

/**
 * Whether a file may be the copy of a log that is about to be cut (copytruncate) or replaced by its packed form: it
 * has a name like a rotated one of the log's, and begins as the log does. Once the log is cut or removed, the copy is
 * known by its content; read before that, it would be taken for another log.
 */
export async function mayBeCopy(log: LogFile, others: readonly Entry[], maxUnpacked: number): Promise<boolean> {
  const first = await log.first(EDGE_BYTES);
  for (const { path } of others) {
    if (!isNamedAfter(log.path, path)) continue;
    const other = await LogFile.open(path, maxUnpacked).catch(() => undefined);
    if (other === undefined) continue;
    try {
      if (equalBytes(first, (await other.first(EDGE_BYTES)).subarray(0, first.length))) return true;
    } finally {
      await other.close();
    }
  }
  return false;
}

function isNamedAfter(copy: string, log: string): boolean {
  if (dirname(copy) !== dirname(log)) return false;
  const [name, of] = [basename(copy), basename(log)];
  return (name.startsWith(of) && /^\.[a-z]+$/.test(name.slice(of.length))) || rotatedFrom(name, new Set([of])) === of;
}
