import type { Bytes } from "@detente/basics";
import type { Checkpoint } from "./checkpoint.ts";
import { type NoteSignature, verifyNote } from "./note.ts";
import { parseCheckpointNote } from "./signed-checkpoint.ts";
import type { Verifier } from "./vkey.ts";
import { refusal, textResponse, type WireResponse } from "./wire.ts";
import type { Judgement } from "./witness-judgement.ts";
import { parseAddCheckpoint } from "./witness-message.ts";

/**
 * The keys that a log's checkpoints may be signed with at this moment; none for a log that is not served.
 * Asked for each request, because keys rotate.
 */
export type LogKeys = (origin: string) => readonly Verifier[];

/** A checkpoint that its log really signed, offered to a witness or a mirror. */
export interface OfferedCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Bytes[];
  readonly checkpoint: Checkpoint;
  /** The whole note as it was sent. */
  readonly note: Bytes;
  readonly text: string;
  /** The signatures by the log's known keys. */
  readonly logSignatures: readonly NoteSignature[];
}

/** A signed checkpoint that does not fit what is held of its log: to be kept as evidence. */
export interface Suspicion {
  readonly origin: string;
  /**
   * `other-root`: the log has signed two trees of one size. `bad-proof`: nothing shows that this tree grew from the
   * one held, be it the log's doing or the sender's.
   */
  readonly kind: "other-root" | "bad-proof";
  /** The note as it was sent; its log signature is verified. */
  readonly offered: Bytes;
  /** The last note held of this log; undefined where there is none. */
  readonly held: Bytes | undefined;
}

/** Told of each suspicion before the request is answered. */
export type OnSuspicion = (suspicion: Suspicion) => Promise<void> | void;

/** Leaves room in the note for all cosignatures; only extension lines could need more. */
const MAX_CHECKPOINT_TEXT = 1 << 16;

/** The checks of add-checkpoint that need no state: form (400), origin (404), the log's signature (403). */
export function admitCheckpoint(
  body: Bytes,
  logKeys: LogKeys,
): { readonly offered: OfferedCheckpoint } | { readonly refused: WireResponse } {
  const request = parseAddCheckpoint(body);
  if (!request.ok) return { refused: refusal(400, request.fault.message) };
  const parsed = parseCheckpointNote(request.value.note);
  if (!parsed.ok) return { refused: refusal(400, parsed.fault.message) };
  const { checkpoint, note } = parsed.value;
  if (note.text.length > MAX_CHECKPOINT_TEXT) {
    return { refused: refusal(400, `the checkpoint's text is longer than ${MAX_CHECKPOINT_TEXT} characters`) };
  }
  const keys = logKeys(checkpoint.origin);
  if (keys.length === 0) return { refused: refusal(404, "no log of this origin is known here") };
  const verified = verifyNote(note, keys);
  if (!verified.ok) return { refused: refusal(403, verified.fault.message) };
  return { offered: { ...request.value, checkpoint, text: note.text, logSignatures: verified.value.signatures } };
}

/** The answer to a checkpoint that is not accepted. */
export function refuseCheckpoint(judgement: Judgement, heldSize: number): WireResponse {
  if (judgement.status === 409) return textResponse(409, `${heldSize}\n`, SIZE_TYPE);
  return refusal(judgement.status, judgement.reason);
}

export const SIZE_TYPE = "text/x.tlog.size";
