import { type Bytes, err, type Fault, type Result, unwrap } from "@detente/basics";
import { consistencyProof } from "./consistency.ts";
import type { HashReader } from "./hash-reader.ts";
import {
  type EntryPackage,
  formatUpload,
  packageRanges,
  parseMirrorInfo,
  type UploadHeader,
} from "./mirror-message.ts";
import type { NoteSignature } from "./note.ts";
import { parseCheckpointNote } from "./signed-checkpoint.ts";
import { subtreeConsistencyProof } from "./subtree.ts";
import { TILE_WIDTH } from "./tile.ts";
import type { Verifier } from "./vkey.ts";
import type { Send, WireResponse } from "./wire.ts";
import {
  aheadFault,
  offerCheckpoint,
  readCosignatures,
  refusedFault,
  sendBody,
  type SubmitFault,
} from "./witness-client.ts";

export interface MirrorUpload {
  /** Carries requests to the mirror. */
  readonly send: Send;
  /** Our own signed checkpoint. */
  readonly note: Bytes;
  /** The size of the checkpoint that the mirror is thought to have pending; 0 where nothing is known. */
  readonly oldSize: number;
  /** The first entry that the mirror is thought to lack; 0 where nothing is known. */
  readonly nextEntry: number;
  /** Our log's entries [start, end), at most 256 at a time. */
  readonly entries: (start: number, end: number) => Promise<readonly Bytes[]>;
  /** Our log's tree, up to the checkpoint's size. */
  readonly hashReader: HashReader;
  /** The keys of this mirror. */
  readonly mirrorKeys: readonly Verifier[];
  /** Compresses request bodies but short ones; undefined to send all as they are. */
  readonly gzip: ((body: Bytes) => Promise<Bytes>) | undefined;
}

/** `stalled`: the mirror keeps answering but takes nothing more. */
export type MirrorUploadFault = SubmitFault | Fault<"stalled">;

/** As c2sp.org/tlog-mirror recommends, for hosts that limit request bodies. */
const MAX_PACKAGES = 32;

/** Bytes of entries after which a request is not filled further. */
const FULL_REQUEST = 1 << 23;

/** Bytes; packing less costs both sides more time than the wire would take. */
const LEAST_PACKED = 4096;

/** Answers in a row that may bring less than a bundle: wrong guesses of the next entry, others who upload at the same time. */
const MAX_STALLS = 4;

/**
 * Brings a mirror up to one of our checkpoints: announces it, uploads what the mirror lacks, resuming where the mirror
 * says (c2sp.org/tlog-mirror). Gives the mirror's cosignatures, verified.
 */
export async function uploadToMirror(upload: MirrorUpload): Promise<Result<NoteSignature[], MirrorUploadFault>> {
  const { send, note, oldSize, hashReader } = upload;
  const proof = (from: number, to: number): Promise<Bytes[]> => Promise.resolve(consistencyProof(from, to, hashReader));
  const announced = await offerCheckpoint({ send, note, oldSize, proof });
  if (!announced.ok) return announced;
  const { origin, size } = unwrap(parseCheckpointNote(note)).checkpoint;
  let header: UploadHeader = { origin, start: Math.min(upload.nextEntry, size), end: size, ticket: new Uint8Array(0) };
  let furthest = -1;
  for (let stalls = 0; stalls < MAX_STALLS;) {
    const answer = await sendEntries(upload, header);
    if (!answer.ok) return answer;
    if (answer.value.status === 200) return readCosignatures(note, answer.value, upload.mirrorKeys);
    if (answer.value.status !== 202 && answer.value.status !== 409) return refusedFault(answer.value);
    const info = parseMirrorInfo(answer.value);
    if (info === undefined || info.size < size) {
      return err("bad-answer", `the answer with status ${answer.value.status} does not say how to go on`);
    }
    if (info.size > size) return { ok: false, fault: aheadFault(info.size, size) };
    header = { origin, start: Math.min(info.nextEntry, size), end: size, ticket: info.ticket };
    const bundles = Math.floor(header.start / TILE_WIDTH);
    stalls = bundles > furthest ? 0 : stalls + 1;
    furthest = Math.max(furthest, bundles);
  }
  return err("stalled", `the mirror is at entry ${header.start} of ${size} and takes no more; try again later`);
}

async function sendEntries(
  { send, entries, hashReader, gzip }: MirrorUpload,
  header: UploadHeader,
): Promise<Result<WireResponse, Fault<"unreachable">>> {
  const packages: EntryPackage[] = [];
  let length = 0;
  for (const range of packageRanges(header.start, header.end)) {
    if (packages.length === MAX_PACKAGES || length >= FULL_REQUEST) break;
    const content = await entries(range.start, range.end);
    const proof = subtreeConsistencyProof(range.bundle, range.end, header.end, hashReader);
    packages.push({ entries: content, proof });
    for (const entry of content) length += entry.length;
  }
  const body = formatUpload(header, packages);
  const type = { "content-type": "application/octet-stream" };
  return gzip === undefined || body.length < LEAST_PACKED
    ? sendBody(send, "/add-entries", type, body)
    : sendBody(send, "/add-entries", { ...type, "content-encoding": "gzip" }, await gzip(body));
}
