import { type Bytes, sha256, toHex, utf8 } from "@detente/basics";
import { admitCheckpoint, type LogKeys, type OnSuspicion, refuseCheckpoint } from "./checkpoint-gate.ts";
import { cosignedNote } from "./cosigned-note.ts";
import type { HeadStore, Versioned } from "./head-store.ts";
import { formatSignatureLine, type NoteSignature, verifyNote } from "./note.ts";
import { parseCheckpointNote, type SignedHead } from "./signed-checkpoint.ts";
import type { Cosigner } from "./signer.ts";
import { verifySubtreeConsistency } from "./subtree.ts";
import { refusal, textResponse, type WireRequest, type WireResponse } from "./wire.ts";
import { judgeAddCheckpoint } from "./witness-judgement.ts";
import { parseSignSubtree } from "./witness-message.ts";

/** The last checkpoint of a log that a witness cosigned; its note carries the log's signatures and the witness's own. */
export interface WitnessState extends SignedHead, Versioned {}

export type WitnessStore = HeadStore<WitnessState>;

export interface WitnessOptions {
  readonly cosigners: readonly Cosigner[];
  readonly store: WitnessStore;
  readonly logKeys: LogKeys;
  /** The origin with this `originHash`, for monitoring requests; undefined where it is not known. */
  readonly originOfHash: (hash: string) => string | undefined;
  readonly onSuspicion: OnSuspicion;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** SHA-256 of a log's origin in lower-case hex: its name in the paths of witnesses and mirrors. */
export function originHash(origin: string): string {
  return toHex(sha256(utf8(origin)));
}

/**
 * A witness (c2sp.org/tlog-witness): cosigns checkpoints of the logs it knows, each only once it is shown to have
 * grown from the one before. What it vouches for is stored before it answers.
 */
export class Witness {
  readonly #options: WitnessOptions;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Answers `POST /add-checkpoint`, `POST /sign-subtree` and `GET /<origin hash>/checkpoint`. Rejects only where storage fails. */
  handle(request: WireRequest): Promise<WireResponse> {
    const { method, path, body } = request;
    if (method === "POST" && path === "/add-checkpoint") return this.#addCheckpoint(body);
    if (method === "POST" && path === "/sign-subtree") return this.#signSubtree(body);
    const monitored = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
    if (method === "GET" && monitored !== undefined) return this.#monitor(monitored);
    return Promise.resolve(refusal(404, "no such resource of a witness"));
  }

  async #addCheckpoint(body: Bytes): Promise<WireResponse> {
    const admitted = admitCheckpoint(body, this.#options.logKeys);
    if ("refused" in admitted) return admitted.refused;
    const { checkpoint, oldSize, proof, note, text, logSignatures } = admitted.offered;
    const { origin, size, root } = checkpoint;
    for (;;) {
      const held = await this.#options.store.get(origin);
      const judgement = judgeAddCheckpoint(oldSize, proof, checkpoint, held);
      if (judgement.suspicion !== undefined) {
        await this.#options.onSuspicion({ origin, kind: judgement.suspicion, offered: note, held: held?.note });
      }
      if (judgement.status !== 200) return refuseCheckpoint(judgement, held?.size ?? 0);
      const cosigned = cosignedNote(text, logSignatures, this.#options.cosigners, this.#options.now(), held?.note);
      const next = { version: (held?.version ?? 0) + 1, size, root, note: cosigned.note };
      // Losing this race means that another request changed the state: what was judged is judged anew.
      if (await this.#options.store.compareAndSet(origin, held, next)) return signatureResponse(cosigned.cosignatures);
    }
  }

  async #monitor(hash: string): Promise<WireResponse> {
    const origin = this.#options.originOfHash(hash);
    const held = origin === undefined ? undefined : await this.#options.store.get(origin);
    if (held === undefined) return refusal(404, "no checkpoint of this log was ever cosigned here");
    return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: held.note };
  }

  /** Needs no state: a checkpoint with this witness's own cosignature was checked when it was made. */
  async #signSubtree(body: Bytes): Promise<WireResponse> {
    const signers = this.#options.cosigners.flatMap(({ cosignSubtree }) => cosignSubtree ?? []);
    if (signers.length === 0) return refusal(404, "this witness does not sign subtrees");
    const request = parseSignSubtree(body);
    if (!request.ok) return refusal(400, request.fault.message);
    const parsed = parseCheckpointNote(request.value.note);
    if (!parsed.ok) return refusal(400, parsed.fault.message);
    const { start, end, hash, proof } = request.value;
    const { origin, size, root } = parsed.value.checkpoint;
    if (start >= end || end > size) return refusal(400, `[${start}, ${end}) is not within the checkpoint's ${size}`);
    if (this.#options.logKeys(origin).length === 0) return refusal(404, "no log of this origin is known here");
    const own = verifyNote(
      parsed.value.note,
      this.#options.cosigners.map((cosigner) => cosigner.verifier),
    );
    if (!own.ok) return refusal(403, `the checkpoint is not cosigned here: ${own.fault.message}`);
    const verdict = verifySubtreeConsistency(start, end, size, proof, hash, root);
    if (!verdict.ok) return refusal(422, verdict.fault.message);
    return signatureResponse(signers.map((sign) => sign({ origin, start, end, hash })));
  }
}

/** One line for each cosignature, as witnesses and mirrors answer. */
export function signatureResponse(signatures: readonly NoteSignature[]): WireResponse {
  return textResponse(200, signatures.map(formatSignatureLine).join(""));
}
