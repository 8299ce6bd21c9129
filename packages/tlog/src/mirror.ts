import { assert, type Bytes, equalBytes, type Result, unwrap } from "@detente/basics";
import { admitCheckpoint, type LogKeys, type OnSuspicion, refuseCheckpoint } from "./checkpoint-gate.ts";
import { cosignedNote } from "./cosigned-note.ts";
import type { HashReader } from "./hash-reader.ts";
import type { HeadStore, Versioned } from "./head-store.ts";
import { type MirrorInfo, mirrorInfoResponse, parseUploadHeader, type UploadHeader } from "./mirror-message.ts";
import { verifyUpload } from "./mirror-upload.ts";
import { formatNote, parseNote } from "./note.ts";
import { serveLog, type ServedLog } from "./serve-log.ts";
import type { SignedHead } from "./signed-checkpoint.ts";
import type { Cosigner } from "./signer.ts";
import { TILE_WIDTH } from "./tile.ts";
import { treeRoot } from "./tree.ts";
import { refusal, textResponse, type WireRequest, type WireResponse } from "./wire.ts";
import { signatureResponse } from "./witness.ts";
import { judgeAddCheckpoint } from "./witness-judgement.ts";

/** The pending checkpoints of a log, the newest first: uploads may lead to any of them. Their notes carry the log's signatures. */
export interface PendingState extends Versioned {
  readonly checkpoints: readonly SignedHead[];
}

/** A log's copy and its one writer. `head` is the mirror checkpoint. */
export interface MirrorLog extends ServedLog {
  readonly head: SignedHead | undefined;
  /** Entries held, those beyond the head included: the mirror's next entry. */
  readonly stagedSize: number;
  /** The tree over the first `size` ≤ `stagedSize` entries. */
  hashReader(size: number): HashReader;
  /** Makes entries durable behind those held. */
  stage(entries: readonly Bytes[]): Promise<Result<unknown>>;
  /** Makes `head` the mirror checkpoint, durably, if the current one has `expectedSize` (0 where there is none). */
  commitHead(head: SignedHead, expectedSize: number): Promise<Result<unknown>>;
}

export interface MirrorOptions {
  /** Keys of the mirror alone: a witness signs with others. */
  readonly cosigners: readonly Cosigner[];
  readonly pending: HeadStore<PendingState>;
  /** The copy of a log that is known to `logKeys` or `originOfHash`. */
  readonly logOf: (origin: string) => Promise<MirrorLog>;
  readonly logKeys: LogKeys;
  /** The origin with this `originHash`; undefined where it is not known. */
  readonly originOfHash: (hash: string) => string | undefined;
  readonly onSuspicion: OnSuspicion;
  /** Decompresses gzip; undefined where `body` is not gzip or would become longer than `limit` bytes. */
  readonly gunzip: (body: Bytes, limit: number) => Promise<Bytes | undefined>;
  /** Bytes of an add-entries body, decompressed. A package can have 16 MiB. */
  readonly maxBody: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Uploads that began before the newest checkpoint came may still be finished. */
const KEPT_PENDING = 8;

/** Entries below the next one that may be uploaded once more: as many as one request should carry. */
const MAX_OVERLAP: number = 32 * TILE_WIDTH;

const NO_TICKET: Bytes = new Uint8Array(0);

/**
 * A mirror (c2sp.org/tlog-mirror): keeps copies of the logs it knows, each entry verified against a pending checkpoint
 * before it is stored, and cosigns a checkpoint once it holds all of its entries. It never goes back. Past pending
 * checkpoints are part of its state, so the tickets it gives are empty.
 */
export class Mirror {
  readonly #options: MirrorOptions;
  /** The end of the line of uploads for each log: they are written one after another. */
  readonly #uploads = new Map<string, Promise<void>>();

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Answers `POST /add-checkpoint`, `POST /add-entries` and `GET /<origin hash>/…`. Rejects only where the pending store fails. */
  async handle(request: WireRequest): Promise<WireResponse> {
    const { method, path } = request;
    if (method === "POST" && path === "/add-checkpoint") return this.#addCheckpoint(request.body);
    if (method === "POST" && path === "/add-entries") return this.#addEntries(request);
    const [, hash, rest] = /^\/([0-9a-f]{64})(\/.*)$/.exec(path) ?? [];
    const origin = hash === undefined ? undefined : this.#options.originOfHash(hash);
    if (origin === undefined || rest === undefined) return refusal(404, "no such resource of a mirror");
    return serveLog({ ...request, path: rest }, await this.#options.logOf(origin));
  }

  async #addCheckpoint(body: Bytes): Promise<WireResponse> {
    const { pending, logKeys, onSuspicion } = this.#options;
    const admitted = admitCheckpoint(body, logKeys);
    if ("refused" in admitted) return admitted.refused;
    const { checkpoint, oldSize, proof, note, text, logSignatures } = admitted.offered;
    const { origin, size, root } = checkpoint;
    for (;;) {
      const state = await pending.get(origin);
      const held = state?.checkpoints[0];
      const judgement = judgeAddCheckpoint(oldSize, proof, checkpoint, held);
      if (judgement.suspicion !== undefined) {
        await onSuspicion({ origin, kind: judgement.suspicion, offered: note, held: held?.note });
      }
      if (judgement.status !== 200) return refuseCheckpoint(judgement, held?.size ?? 0);
      const newest = { size, root, note: formatNote({ text, signatures: logSignatures }) };
      if (held?.size === size && equalBytes(held.note, newest.note)) return textResponse(200, "");
      // The same tree, signed by other keys of the log: once they have changed, the older ones are worth less.
      const older = (state?.checkpoints ?? []).filter((known) => known.size !== size);
      const checkpoints = [newest, ...older].slice(0, KEPT_PENDING);
      const next = { version: (state?.version ?? 0) + 1, checkpoints };
      if (await pending.compareAndSet(origin, state, next)) return textResponse(200, "");
    }
  }

  async #addEntries(request: WireRequest): Promise<WireResponse> {
    const { gunzip, logKeys, maxBody } = this.#options;
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding !== "gzip" && encoding !== "identity") {
      const refused = refusal(415, `content encoding ${encoding} is not supported`);
      return { ...refused, headers: { ...refused.headers, "accept-encoding": "gzip" } };
    }
    if (request.body.length > maxBody)
      return refusal(413, `longer than ${maxBody} bytes; send fewer packages at a time`);
    const body = encoding === "gzip" ? await gunzip(request.body, maxBody) : request.body;
    if (body === undefined) return refusal(400, `not gzip, or longer than ${maxBody} bytes when unpacked`);
    const parsed = parseUploadHeader(body);
    if (!parsed.ok) return refusal(400, parsed.fault.message);
    const { header, packages } = parsed.value;
    if (logKeys(header.origin).length === 0) return refusal(404, "no log of this origin is known here");
    return this.#inLine(header.origin, () => this.#upload(header, packages));
  }

  async #upload(header: UploadHeader, packages: Bytes): Promise<WireResponse> {
    const log = await this.#options.logOf(header.origin);
    const known = (await this.#options.pending.get(header.origin))?.checkpoints ?? [];
    const newest = known[0];
    if (newest === undefined)
      return refusal(422, "no checkpoint of this log is pending; send it to add-checkpoint first");
    const target = known.find(({ size }) => size === header.end && size >= (log.head?.size ?? 0));
    const info = (): MirrorInfo => ({ size: (target ?? newest).size, nextEntry: log.stagedSize, ticket: NO_TICKET });
    const next = log.stagedSize;
    if (target === undefined || header.start > next || header.start < next - MAX_OVERLAP) {
      return mirrorInfoResponse(409, info());
    }
    const upload = verifyUpload(header, packages, target.root, log.hashReader(next), next);
    if (upload.entries.length > 0) {
      const staged = await log.stage(upload.entries);
      if (!staged.ok) return refusal(503, "the entries could not be stored; try again later");
    }
    if (upload.rejected !== undefined) return refusal(422, upload.rejected);
    if (upload.complete) return this.#finish(log, target, info);
    return upload.packages === 0 ? refusal(400, "not one whole package was received") : mirrorInfoResponse(202, info());
  }

  /** Cosigns a checkpoint all of whose entries are durable. */
  async #finish(log: MirrorLog, target: SignedHead, info: () => MirrorInfo): Promise<WireResponse> {
    const { size, root } = target;
    assert(equalBytes(treeRoot(size, log.hashReader(size)), root), "the entries held are those of the checkpoint");
    const { text, signatures } = unwrap(parseNote(target.note));
    const { note, cosignatures } = cosignedNote(
      text,
      signatures,
      this.#options.cosigners,
      this.#options.now(),
      log.head?.note,
    );
    const committed = await log.commitHead({ size, root, note }, log.head?.size ?? 0);
    return committed.ok ? signatureResponse(cosignatures) : mirrorInfoResponse(409, info());
  }

  #inLine(origin: string, job: () => Promise<WireResponse>): Promise<WireResponse> {
    const answer = (this.#uploads.get(origin) ?? Promise.resolve()).then(job);
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#uploads.set(origin, settled);
    return answer;
  }
}
