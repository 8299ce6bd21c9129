import { type Bytes, equalBytes } from "@detente/basics";
import type { Checkpoint } from "./checkpoint.ts";
import { verifyConsistency } from "./consistency.ts";
import { emptyRoot } from "./hash.ts";

/** The tree that a witness last vouched for. */
export interface HeldTree {
  readonly size: number;
  readonly root: Bytes;
}

export interface Judgement {
  /**
   * 200: consistent, to be stored and cosigned; 400: `oldSize` is beyond the checkpoint; 409: `oldSize` is not what is
   * held; 422: the proof fails, or another root at the same size.
   */
  readonly status: 200 | 400 | 409 | 422;
  readonly reason: string;
  /**
   * `other-root`: the log has signed two trees of one size. `bad-proof`: nothing shows that this tree grew from the
   * one held, be it the log's doing or the sender's.
   */
  readonly suspicion: "other-root" | "bad-proof" | undefined;
}

/**
 * What a witness says to a checkpoint whose log signature is already verified (c2sp.org/tlog-witness, add-checkpoint).
 * Pure: the same input gives the same answer.
 * @param held undefined where nothing of this log was ever cosigned
 */
export function judgeAddCheckpoint(
  oldSize: number,
  proof: readonly Bytes[],
  checkpoint: Checkpoint,
  held: HeldTree | undefined,
): Judgement {
  const { size, root } = checkpoint;
  const known = held ?? { size: 0, root: emptyRoot };
  // A fork is one whatever else is wrong with the request.
  const suspicion = size === known.size && !equalBytes(root, known.root) ? "other-root" : undefined;
  if (oldSize > size)
    return { status: 400, reason: `old size ${oldSize} is beyond the checkpoint's ${size}`, suspicion };
  if (oldSize !== known.size) return { status: 409, reason: `the last cosigned size is ${known.size}`, suspicion };
  if (suspicion !== undefined) {
    const reason =
      size === 0 ? "a tree without entries has the root SHA-256 of nothing" : `another root is known at ${size}`;
    return { status: 422, reason, suspicion };
  }
  const verdict = verifyConsistency(oldSize, size, proof, known.root, root);
  if (verdict.ok) return { status: 200, reason: "consistent", suspicion };
  return {
    status: 422,
    reason: `the consistency proof from ${oldSize} to ${size} fails: ${verdict.fault.message}`,
    suspicion: oldSize > 0 && oldSize < size ? "bad-proof" : undefined,
  };
}
