import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { type CheckpointFault } from "./checkpoint.ts";
import { type NoteFault, type NoteVerifyFault, verifyNote } from "./note.ts";
import type { Policy, QuorumRule } from "./policy.ts";
import { parseCheckpointNote, type VerifiedCheckpoint } from "./signed-checkpoint.ts";
import { isSameKey, type Verifier } from "./vkey.ts";

/** `unknown-log`: no log of the policy signed its own checkpoint. `no-quorum`: too few witnesses cosigned it. */
export type PolicyCheckFault = NoteFault | CheckpointFault | NoteVerifyFault | Fault<"unknown-log" | "no-quorum">;

/**
 * Whether a checkpoint note satisfies a policy: signed by one of its logs, in whose name it is made, and cosigned by
 * a quorum. As with every note, one bad signature by a key of the policy rejects it whole.
 * @param policy must name a log: without one there is nothing that a signature could be checked against
 */
export function checkPolicy(noteBytes: Bytes, policy: Policy): Result<VerifiedCheckpoint, PolicyCheckFault> {
  const parsed = parseCheckpointNote(noteBytes);
  if (!parsed.ok) return parsed;
  const { checkpoint, note } = parsed.value;
  const logKeys = policy.logs.flatMap(({ key }) => (key.name === checkpoint.origin ? key : []));
  const witnessKeys = policy.witnesses.map(({ key }) => key);
  const verified = verifyNote(note, distinct([...logKeys, ...witnessKeys]));
  if (!verified.ok) return verified;
  const signers = verified.value.verified;
  if (!signers.some((signer) => logKeys.some((key) => isSameKey(key, signer)))) {
    return err("unknown-log", `no log of the policy has signed this checkpoint of ${checkpoint.origin}`);
  }
  if (policy.quorum !== undefined && !isFulfilled(policy.quorum, signers)) {
    return err("no-quorum", "the checkpoint lacks the cosignatures that the policy asks for");
  }
  return ok({ ...verified.value, checkpoint });
}

/** Whether these verified signers fulfil a rule. */
export function isFulfilled(rule: QuorumRule, signers: readonly Verifier[]): boolean {
  if ("witness" in rule) return signers.some((signer) => isSameKey(signer, rule.witness.key));
  return rule.members.filter((member) => isFulfilled(member, signers)).length >= rule.threshold;
}

function distinct(keys: readonly Verifier[]): Verifier[] {
  return keys.filter((key, place) => keys.findIndex((other) => isSameKey(key, other)) === place);
}
