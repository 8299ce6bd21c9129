import { toBase64 } from "@detente/basics";
import type { Head } from "@detente/record";
import type { Archive } from "./archive.ts";

/**
 * Heads of other logs that hold something new, as far as all their unit-wide bodies are here.
 *
 * @param own the origin of the log of the party that is to observe them
 * @param isFrozen whether a log is proven to have two versions: no head of it is observed
 */
export function observableHeads(archive: Archive, own: string, isFrozen: (origin: string) => boolean): Head[] {
  const { fold } = archive;
  const heads: Head[] = [];
  for (const { origin, observers } of fold.logs()) {
    const log = archive.log(origin);
    if (origin === own || log === undefined || isFrozen(origin)) continue;
    const seen = observers.find(({ observer }) => observer === own)?.size ?? 0;
    const folded = archive.foldedSize(origin);
    const complete = fold.missingBodies(origin, folded)[0]?.index ?? folded;
    if (complete <= seen || !fold.observable(origin, seen, complete)) continue;
    heads.push({ log: origin, size: complete, root: toBase64(log.rootAt(complete)) });
  }
  return heads;
}
