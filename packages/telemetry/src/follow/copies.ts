import { basename, dirname } from "node:path";
import { equalBytes } from "@detente/basics";
import { LogFile } from "../content/log-file.ts";
import { EDGE_BYTES } from "../content/tracker.ts";
import type { Entry } from "../state/entry.ts";
import { rotatedFrom } from "./rotation.ts";

/**
 * What a file may be that has a name like a rotated one of a known log's: `copy`, if it begins as that log does, and
 * so may be its copy just before it is cut (copytruncate) or its packed form just before it is removed; `unsettled`, if
 * the log has been cut or removed since it was looked at. The copy is known by its content then; read before that, it
 * would be taken for another log.
 */
export async function copyOf(
  log: LogFile,
  others: readonly Entry[],
  maxUnpacked: number,
): Promise<"copy" | "unsettled" | undefined> {
  const first = await log.first(EDGE_BYTES);
  for (const { path, read } of others) {
    if (!isNamedAfter(log.path, path)) continue;
    const other = await LogFile.open(path, maxUnpacked).catch(() => undefined);
    if (other === undefined) return "unsettled";
    try {
      const content = await other.after(read);
      if (content === undefined) return "unsettled";
      await content.close();
      if (equalBytes(first, (await other.first(EDGE_BYTES)).subarray(0, first.length))) return "copy";
    } finally {
      await other.close();
    }
  }
  return undefined;
}

function isNamedAfter(copy: string, log: string): boolean {
  if (dirname(copy) !== dirname(log)) return false;
  const [name, of] = [basename(copy), basename(log)];
  return (name.startsWith(of) && /^\.[a-z]+$/.test(name.slice(of.length))) || rotatedFrom(name, new Set([of])) === of;
}
