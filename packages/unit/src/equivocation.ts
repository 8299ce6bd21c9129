import { equalBytes, type Err, err, type Fault, fromBase64, ok, type Result, utf8 } from "@detente/basics";
import type { EquivocationContent } from "@detente/record";
import { type CheckpointNote, parseCheckpointNote, parseVkey, verifyConsistency, verifyNote } from "@detente/tlog";

export type EquivocationFault = Fault<
  /** The notes are no checkpoints of the log, or what they say can be true of one log. */
  | "not-proven"
  /** No key of the log known so far verifies both notes. */
  | "unknown-key"
>;

/**
 * Judges two signed checkpoints of one log that no one log can have: two roots for one size; or an older and a newer
 * checkpoint with a proof of the root that the newer tree has at the older size, which is another than the older
 * checkpoint's. `proof` then holds that root first and after it the RFC 6962 consistency proof from it to the newer
 * checkpoint. (That a proof fails shows nothing: anyone can spoil a proof.)
 * @param logKeys verifier keys of the log, past and present
 */
export function judgeEquivocation(
  content: EquivocationContent,
  logKeys: readonly string[],
): Result<void, EquivocationFault> {
  const first = checkpointOf(content.log, content.first);
  const second = checkpointOf(content.log, content.second);
  if (first === undefined || second === undefined) return notProven("a note is no checkpoint of that log");
  const contradiction = contradict(first, second, content.proof ?? []);
  if (!contradiction.ok) return contradiction;
  // One verifier at a time: two keys with one id must not make a note that was proven unprovable.
  const isSigned = ({ note }: CheckpointNote): boolean =>
    logKeys.some((key) => {
      const verifier = parseVkey(key);
      return verifier.ok && verifyNote(note, [verifier.value]).ok;
    });
  if (isSigned(first) && isSigned(second)) return ok(undefined);
  return err("unknown-key", "no known key of the log has signed both notes");
}

function checkpointOf(origin: string, note: string): CheckpointNote | undefined {
  const parsed = parseCheckpointNote(utf8(note));
  return parsed.ok && parsed.value.checkpoint.origin === origin ? parsed.value : undefined;
}

function contradict(
  first: CheckpointNote,
  second: CheckpointNote,
  proof: readonly string[],
): Result<void, EquivocationFault> {
  const older = first.checkpoint;
  const newer = second.checkpoint;
  if (older.size === newer.size) {
    return equalBytes(older.root, newer.root) ? notProven("both notes have one root") : ok(undefined);
  }
  if (older.size > newer.size) return notProven("the first note must be the older one");
  const [root, ...path] = proof.map((hash) => fromBase64(hash) ?? new Uint8Array(0));
  if (root === undefined || equalBytes(root, older.root)) {
    return notProven("the proof must begin with the root that the newer tree has at the older size");
  }
  return verifyConsistency(older.size, newer.size, path, root, newer.root).ok
    ? ok(undefined)
    : notProven("the newer tree does not have that root at the older size");
}

function notProven(why: string): Err<EquivocationFault> {
  return err("not-proven", why);
}
