import { gunzipSync } from "node:zlib";
import type { Bytes } from "@detente/basics";
import {
  consistencyProof,
  type EntryPackage,
  formatAddCheckpoint,
  formatUpload,
  MemoryHeadStore,
  Mirror,
  originHash,
  packageRanges,
  type PendingState,
  subtreeConsistencyProof,
  type Suspicion,
  type WireResponse,
} from "../src/index.ts";
import { checkpointNote, logSigner, MemoryLog, mirrorKey, ORIGIN, post } from "./memory-log.ts";

export const MAX_BODY: number = 1 << 20;

export interface MirrorBench {
  readonly mirror: Mirror;
  readonly copy: MemoryLog;
  readonly suspicions: Suspicion[];
}

/** A mirror of one log, with its copy and what it reports. */
export function mirrorBench(): MirrorBench {
  const copy = new MemoryLog();
  const suspicions: Suspicion[] = [];
  const mirror = new Mirror({
    cosigners: [mirrorKey],
    pending: new MemoryHeadStore<PendingState>(),
    logOf: () => Promise.resolve(copy),
    logKeys: (origin) => (origin === ORIGIN ? [logSigner.verifier] : []),
    originOfHash: (hash) => (hash === originHash(ORIGIN) ? ORIGIN : undefined),
    onSuspicion: (suspicion) => void suspicions.push(suspicion),
    gunzip: (body, limit) => Promise.resolve(gunzip(body, limit)),
    maxBody: MAX_BODY,
    now: () => 1_700_000_000_000,
  });
  return { mirror, copy, suspicions };
}

function gunzip(body: Bytes, limit: number): Bytes | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: limit });
  } catch {
    return undefined;
  }
}

export function announce(mirror: Mirror, log: MemoryLog, oldSize: number, size: number): Promise<WireResponse> {
  const proof = consistencyProof(oldSize, size, log.tree.reader);
  return mirror.handle(
    post("/add-checkpoint", formatAddCheckpoint({ oldSize, proof, note: checkpointNote(log, size) })),
  );
}

export function packagesOf(log: MemoryLog, start: number, end: number): EntryPackage[] {
  return [...packageRanges(start, end)].map((range) => ({
    entries: log.stored.slice(range.start, range.end),
    proof: subtreeConsistencyProof(range.bundle, range.end, end, log.tree.reader),
  }));
}

export function uploadBody(
  log: MemoryLog,
  start: number,
  end: number,
  packages: EntryPackage[] = packagesOf(log, start, end),
): Bytes {
  return formatUpload({ origin: ORIGIN, start, end, ticket: new Uint8Array(0) }, packages);
}

export function upload(mirror: Mirror, ...args: Parameters<typeof uploadBody>): Promise<WireResponse> {
  return mirror.handle(post("/add-entries", uploadBody(...args)));
}
