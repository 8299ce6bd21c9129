import { type Bytes, equalBytes, present } from "@detente/basics";
import { openCheckpoint } from "@detente/tlog";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";

/** A signed checkpoint of a log held here. */
export interface SizedNote {
  readonly size: number;
  readonly note: Bytes;
}

const LIMITS = { maxBytes: 1 << 20, timeoutMs: 3000 } as const;

/**
 * The checkpoint of a log that carries the most cosignatures to be had now and covers its first `atLeast` entries: of
 * this party's log the one it shows the world; of another's the one that its author shows, if it is of the tree held
 * here, and otherwise that of the mirror. `undefined` where no head covers so much.
 */
export async function bestCheckpoint(
  station: Station,
  unit: UnitRuntime,
  origin: string,
  atLeast: number,
): Promise<SizedNote | undefined> {
  const log = unit.archive.log(origin);
  if (log?.head === undefined || log.size < atLeast) return undefined;
  const { head } = log;
  const isOwn = origin === station.own.origin;
  const shown = isOwn ? unit.publication.checkpoint(head) : await shownByAuthor(unit, origin);
  for (const note of [shown, isOwn ? unit.cosignatures.checkpoint(head) : undefined]) {
    const opened = note && openCheckpoint(note, origin, unit.membership.pastVerifiers(origin));
    if (!opened?.ok) continue;
    const { size, root } = opened.value.checkpoint;
    if (size < atLeast || size > log.size || !equalBytes(log.rootAt(size), root)) continue;
    return { size, note: present(note, "the note that was opened") };
  }
  return { size: head.size, note: head.note };
}

async function shownByAuthor(unit: UnitRuntime, origin: string): Promise<Bytes | undefined> {
  const author = unit.peers.list().find(({ party }) => party.origin === origin);
  const answer = await author?.client.request("GET", "/log/checkpoint", LIMITS);
  return answer?.ok === true && answer.value.status === 200 ? answer.value.body : undefined;
}
