import { assert, type Bytes, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";
import { SIZE_TYPE } from "./checkpoint-gate.ts";
import { parseDecimal } from "./decimal.ts";
import { type NoteSignature, parseSignatureLines, verifyNote } from "./note.ts";
import { parseCheckpointNote } from "./signed-checkpoint.ts";
import type { Verifier } from "./vkey.ts";
import { mediaType, type Send, type WireResponse } from "./wire.ts";
import { formatAddCheckpoint } from "./witness-message.ts";

export interface Submission {
  /** Carries requests to the witness. */
  readonly send: Send;
  /** Our own signed checkpoint. */
  readonly note: Bytes;
  /** The size that the witness is thought to have cosigned last; 0 where nothing is known. */
  readonly oldSize: number;
  /** The consistency proof between two sizes of our log, the larger one at most the checkpoint's. */
  readonly proof: (oldSize: number, newSize: number) => Promise<readonly Bytes[]>;
  /** The keys of this witness. */
  readonly witnessKeys: readonly Verifier[];
}

/** `ahead`: the witness holds a larger tree of ours than this checkpoint's; send a newer one. */
export interface AheadFault extends Fault<"ahead"> {
  readonly size: number;
}

/** `refused`: the witness answered with this status. */
export interface RefusedFault extends Fault<"refused"> {
  readonly status: number;
}

export type SubmitFault =
  | Fault<"unreachable" | "bad-answer" | "bad-cosignature" | "contended">
  | AheadFault
  | RefusedFault;

/** Between two attempts only another checkpoint of our own can have got in. */
const MAX_ATTEMPTS = 4;

/** Bytes of an answer that are looked at: some 20 cosignatures of the longest kind. */
const MAX_ANSWER = 1 << 16;

const MAX_QUOTED_REASON = 200;

/**
 * Submits a checkpoint to a witness, beginning again with the right proof where the witness knows another size
 * (c2sp.org/tlog-witness). Gives the witness's cosignatures, verified; those by unknown keys are left out.
 */
export async function submitCheckpoint(submission: Submission): Promise<Result<NoteSignature[], SubmitFault>> {
  const answer = await offerCheckpoint(submission);
  return answer.ok ? readCosignatures(submission.note, answer.value, submission.witnessKeys) : answer;
}

/** Submits a checkpoint as `submitCheckpoint` does and gives the answer with status 200 unread: a mirror's may be empty. */
export async function offerCheckpoint(
  submission: Omit<Submission, "witnessKeys">,
): Promise<Result<WireResponse, SubmitFault>> {
  const parsed = parseCheckpointNote(submission.note);
  assert(parsed.ok, "what is submitted is a checkpoint note of our own");
  const { size } = parsed.value.checkpoint;
  let oldSize = Math.min(submission.oldSize, size);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const proof = oldSize === 0 || oldSize === size ? [] : await submission.proof(oldSize, size);
    const body = formatAddCheckpoint({ oldSize, proof, note: submission.note });
    const answer = await sendBody(
      submission.send,
      "/add-checkpoint",
      { "content-type": "text/plain; charset=utf-8" },
      body,
    );
    if (!answer.ok || answer.value.status === 200) return answer;
    if (answer.value.status !== 409) return refusedFault(answer.value);
    const known = readSize(answer.value);
    if (known === undefined) return err("bad-answer", "the answer with status 409 names no size");
    if (known > size) return { ok: false, fault: aheadFault(known, size) };
    oldSize = known;
  }
  return err("contended", `the witness named another size in each of ${MAX_ATTEMPTS} answers; try again later`);
}

/** Reads the signature lines of an answer and keeps those that verify over the note's text. */
export function readCosignatures(
  note: Bytes,
  answer: WireResponse,
  keys: readonly Verifier[],
): Result<NoteSignature[], Fault<"bad-answer" | "bad-cosignature">> {
  const text = answer.body.length > MAX_ANSWER ? undefined : utf8Decode(answer.body);
  const signatures = text === undefined ? undefined : parseSignatureLines(text);
  const parsed = parseCheckpointNote(note);
  if (signatures === undefined || !signatures.ok || !parsed.ok) {
    return err("bad-answer", "the answer with status 200 does not consist of signature lines");
  }
  const verified = verifyNote({ text: parsed.value.note.text, signatures: signatures.value }, keys);
  return verified.ok ? ok([...verified.value.signatures]) : err("bad-cosignature", verified.fault.message);
}

/** Sends a POST; a failure to get an answer is a fault. */
export async function sendBody(
  send: Send,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Bytes,
): Promise<Result<WireResponse, Fault<"unreachable">>> {
  try {
    return ok(await send({ method: "POST", path, headers, body }));
  } catch (error) {
    return err("unreachable", `no answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function refusedFault(answer: WireResponse): Result<never, RefusedFault> {
  const reason = (utf8Decode(answer.body.subarray(0, MAX_ANSWER)) ?? "").slice(0, MAX_QUOTED_REASON).trim();
  const { status } = answer;
  return { ok: false, fault: { code: "refused", status, message: `refused with status ${status}: ${reason}` } };
}

export function aheadFault(known: number, size: number): AheadFault {
  return {
    code: "ahead",
    size: known,
    message: `size ${known} of our log is known there, this checkpoint has ${size}`,
  };
}

function readSize(answer: WireResponse): number | undefined {
  if (mediaType(answer) !== SIZE_TYPE || answer.body.length > 32) return undefined;
  const text = utf8Decode(answer.body);
  return text?.endsWith("\n") ? parseDecimal(text.slice(0, -1)) : undefined;
}
