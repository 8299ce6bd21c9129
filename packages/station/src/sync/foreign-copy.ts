import { type Bytes, equalBytes, err, type Fault, ok, type Result } from "@detente/basics";
import type { LogReader, LogWriter } from "@detente/store";
import {
  cosignedNote,
  type Cosigner,
  type NoteSignature,
  openCheckpoint,
  originHash,
  TileReader,
  treeRoot,
  type Verifier,
} from "@detente/tlog";
import { fetchTilesFrom } from "./fetch-tiles.ts";
import type { Peer } from "./peer.ts";

/** A log as a peer mirrors it, under a head that the log itself has signed: the peer need not be trusted. */
export interface ForeignCopy {
  readonly peer: Peer;
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly text: string;
  /** The log's own. */
  readonly signatures: readonly NoteSignature[];
  readonly reader: TileReader;
}

export type CopyFault = Fault<"unavailable" | "other-version" | "storage-failed">;

const LIMITS = { maxBytes: 1 << 20, timeoutMs: 10_000 } as const;

/** Entries fetched at a time. */
const CHUNK = 2048;

/** @param keys all keys that the log has had */
export async function openForeignCopy(
  peer: Peer,
  origin: string,
  keys: readonly Verifier[],
): Promise<Result<ForeignCopy, CopyFault>> {
  const prefix = `/mirror/${originHash(origin)}`;
  const answer = await peer.client.request("GET", `${prefix}/checkpoint`, LIMITS);
  if (!answer.ok) return err("unavailable", answer.fault.message);
  if (answer.value.status !== 200) return err("unavailable", `${peer.name} mirrors no copy of ${origin}`);
  const opened = openCheckpoint(answer.value.body, origin, keys);
  if (!opened.ok)
    return err("unavailable", `${peer.name} shows a head that ${origin} did not sign: ${opened.fault.message}`);
  const { checkpoint, text, signatures } = opened.value;
  const { size, root } = checkpoint;
  const reader = new TileReader({ size, root }, fetchTilesFrom(peer, prefix));
  return ok({ peer, origin, size, root, text, signatures, reader });
}

/** The roots of the copy at some sizes up to its own. */
export async function rootsOf(
  copy: ForeignCopy,
  sizes: readonly number[],
): Promise<Result<Map<number, Bytes>, CopyFault>> {
  const read = await copy.reader.read((hashes) => new Map(sizes.map((size) => [size, treeRoot(size, hashes)])));
  return read.ok ? read : err("unavailable", read.fault.message);
}

/** Whether the copy continues what is held of the log here. */
export async function continues(copy: ForeignCopy, log: LogReader): Promise<Result<boolean, CopyFault>> {
  if (log.size === 0) return ok(true);
  if (copy.size < log.size) return ok(false);
  const roots = await rootsOf(copy, [log.size]);
  if (!roots.ok) return roots;
  return ok(equalBytes(roots.value.get(log.size) ?? new Uint8Array(0), log.rootAt(log.size)));
}

/**
 * Fetches what the copy has beyond ours; each entry is verified under the signed head. The caller is the log's one
 * writer meanwhile.
 */
export async function takeFrom(
  copy: ForeignCopy,
  log: LogWriter,
  cosigners: readonly Cosigner[],
  now: number,
): Promise<Result<void, CopyFault>> {
  const continued = await continues(copy, log);
  if (!continued.ok) return continued;
  if (!continued.value) return err("other-version", `${copy.peer.name} mirrors another version of ${copy.origin}`);
  // What an upload had staged may be of another version.
  const discarded = await log.discardStaged();
  if (!discarded.ok) return err("storage-failed", discarded.fault.message);
  const from = log.size;
  for (let at = from; at < copy.size; at += CHUNK) {
    const entries = await copy.reader.entries(at, Math.min(at + CHUNK, copy.size));
    if (!entries.ok) return err("unavailable", entries.fault.message);
    const staged = await log.stage(entries.value);
    if (!staged.ok) return err("storage-failed", staged.fault.message);
  }
  const { size, root, text, signatures } = copy;
  const { note } = cosignedNote(text, signatures, cosigners, now, log.head?.note);
  const committed = await log.commitHead({ size, root, note }, from);
  return committed.ok ? ok(undefined) : err("storage-failed", committed.fault.message);
}
