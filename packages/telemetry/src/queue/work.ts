import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { err, type Fault, ok, type Result } from "@detente/basics";
import type { Hit, Screener } from "@detente/screen";
import type { Blobs } from "./blobs.ts";
import { fileState, sameState } from "./file-state.ts";
import { givenUp, type Outcome } from "./outcome.ts";
import { hitBytes } from "./queued-hits.ts";
import { screenRange } from "./screen-range.ts";
import type { Segment } from "./segment.ts";

/** What a worker brings to the segments it is given. */
export interface Worker {
  /** Told to whoever waits for the results; at most 128 characters. */
  readonly name: string;
  /** The bytes of a compressed file, unpacked. What it throws is told to whoever waits. */
  readonly unpack: (path: string) => AsyncIterable<Uint8Array>;
  /** The only directories whose files are read, with what links there; all when absent. */
  readonly within: readonly string[] | undefined;
}

/** `retry`: another worker, or a later attempt, may do better. `final`: none will. */
export type WorkFault = Fault<"retry" | "final">;

/**
 * Screens a segment and puts its hits into the queue. Hits count only when the outcome that is returned is published:
 * whatever a worker wrote before it died is never read.
 * @throws what the log's source throws
 */
export async function screenSegment(
  segment: Segment,
  screener: Screener<number>,
  blobs: Blobs,
  worker: Worker,
  signal: AbortSignal,
): Promise<Result<Outcome, WorkFault>> {
  const path = localPath(segment.uri);
  if (!path.ok) return path;
  const allowed = await isWithin(path.value, worker.within);
  if (!allowed.ok) return allowed;
  const before = await isAsPlanned(segment, path.value);
  if (!before.ok) return before;
  const { offset, length, isPacked, format, header, state } = segment;
  const source = isPacked ? worker.unpack(path.value) : { path: path.value, from: offset, to: offset + length };
  const range = { source, format: format ?? undefined, header, writtenBy: state.modified };
  const screening = screenRange(screener, range, path.value, signal);
  const hits = await blobs.put(linesOf(screening));
  if (!hits.ok)
    return err("final", `${hits.fault.message} of hits: make segments smaller, or leave out what is common`);
  // What was changed while it was read may have been read in two states.
  const after = await isAsPlanned(segment, path.value);
  if (!after.ok) return after;
  return ok({ worker: worker.name, summary: screening.summary(), hits: hits.value });
}

/** The outcome that says that a segment was not screened. */
export function outcomeOf(fault: Fault, worker: Worker): Outcome {
  return givenUp(worker.name, fault.message);
}

async function* linesOf(hits: AsyncIterable<Hit<number>>): AsyncGenerator<Uint8Array> {
  for await (const { indicator, ...hit } of hits) yield hitBytes({ ...hit, indicator: indicator.ref });
}

function localPath(uri: string): Result<string, WorkFault> {
  try {
    return ok(fileURLToPath(uri));
  } catch {
    return err("final", "names no file of this machine — start worker and planner on the same kind of system");
  }
}

async function isAsPlanned({ state }: Segment, path: string): Promise<Result<void, WorkFault>> {
  const now = await fileState(path);
  if (!now.ok) return err("retry", now.fault.message);
  return sameState(now.value, state)
    ? ok(undefined)
    : err("final", "was changed after it was planned — screen what no longer grows, or screen it again");
}

async function isWithin(path: string, within: Worker["within"]): Promise<Result<void, WorkFault>> {
  if (within === undefined) return ok(undefined);
  try {
    const real = await realpath(path);
    for (const directory of within) {
      const root = await realpath(directory);
      if (real.startsWith(root.endsWith(sep) ? root : root + sep)) return ok(undefined);
    }
  } catch {
    return err("retry", "cannot be read here — check the path and the mount");
  }
  return err("final", "is outside of the directories that this worker may read — see its --within");
}
