import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { type Checkpoint, type CheckpointFault, parseCheckpoint } from "./checkpoint.ts";
import { type Note, type NoteFault, type NoteVerifyFault, parseNote, type VerifiedNote, verifyNote } from "./note.ts";
import type { Verifier } from "./vkey.ts";

/** The tree under a signed checkpoint, and the note that says so. */
export interface SignedHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Bytes;
  readonly note: Bytes;
}

/** A note whose text is a checkpoint. Nothing is verified yet. */
export interface CheckpointNote {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
}

/** A checkpoint that is signed by at least one known key. */
export interface VerifiedCheckpoint extends VerifiedNote {
  readonly checkpoint: Checkpoint;
}

export type OpenCheckpointFault = NoteFault | CheckpointFault | NoteVerifyFault | Fault<"other-origin">;

/** Reads a checkpoint note without verifying any signature. */
export function parseCheckpointNote(bytes: Bytes): Result<CheckpointNote, NoteFault | CheckpointFault> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  return checkpoint.ok ? ok({ checkpoint: checkpoint.value, note: note.value }) : checkpoint;
}

/** Reads a checkpoint note of the log `origin` and verifies its signatures, see `verifyNote`. */
export function openCheckpoint(
  bytes: Bytes,
  origin: string,
  verifiers: readonly Verifier[],
): Result<VerifiedCheckpoint, OpenCheckpointFault> {
  const parsed = parseCheckpointNote(bytes);
  if (!parsed.ok) return parsed;
  const { checkpoint, note } = parsed.value;
  if (checkpoint.origin !== origin) return err("other-origin", `the checkpoint is of the log ${checkpoint.origin}`);
  const verified = verifyNote(note, verifiers);
  return verified.ok ? ok({ ...verified.value, checkpoint }) : verified;
}
