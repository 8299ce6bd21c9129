import type { Bytes } from "@detente/basics";
import { readTimestamp } from "./cosignature.ts";
import { formatNote, type NoteSignature, parseNote } from "./note.ts";
import type { Cosigner } from "./signer.ts";

export interface CosignedNote {
  /** The text with the log's signatures and the new cosignatures. */
  readonly note: Bytes;
  readonly cosignatures: readonly NoteSignature[];
}

/**
 * Cosigns a checkpoint with all keys of one witness or mirror. The time never goes back, even where the clock does: a
 * smaller tree must not carry a later time than a larger one.
 * @param now milliseconds since the epoch
 * @param previous the last note of this log that was cosigned with these keys
 */
export function cosignedNote(
  text: string,
  logSignatures: readonly NoteSignature[],
  cosigners: readonly Cosigner[],
  now: number,
  previous: Bytes | undefined,
): CosignedNote {
  const timestamp = Math.max(1, Math.floor(now / 1000), lastTimestamp(cosigners, previous));
  const cosignatures = cosigners.map((cosigner) => cosigner.cosign(text, timestamp));
  return { note: formatNote({ text, signatures: [...logSignatures, ...cosignatures] }), cosignatures };
}

function lastTimestamp(cosigners: readonly Cosigner[], previous: Bytes | undefined): number {
  const note = previous && parseNote(previous);
  if (!note?.ok) return 0;
  const own = note.value.signatures.filter((signature) =>
    cosigners.some(({ verifier }) => verifier.name === signature.name && verifier.keyId === signature.keyId),
  );
  return Math.max(0, ...own.map(({ signature }) => readTimestamp(signature) ?? 0));
}
