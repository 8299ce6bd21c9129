import { type Bytes, equalBytes } from "@detente/basics";
import type { KeyRole } from "@detente/record";
import { type MemoryTree, openCheckpoint, parseVkey, type Verifier } from "@detente/tlog";
import type { Fold } from "./fold.ts";

/** Why a record file is not good. The message names the line or the log. */
export interface BundleProblem {
  readonly code:
    | "malformed-line"
    | "out-of-place"
    | "truncated"
    | "missing-log"
    /** No charter in the file knows the log. */
    | "unknown-log"
    /** The note is malformed, not signed by the log, or carries a bad signature by a known key. */
    | "bad-checkpoint"
    | "root-mismatch"
    | "missing-body";
  readonly message: string;
}

/** A log of a record file, checked. */
export interface CheckedLog {
  readonly origin: string;
  readonly name: string | undefined;
  /** Entries in the file. */
  readonly size: number;
  /** Whether the log has signed exactly these entries. */
  readonly verified: boolean;
  /** Names of the parties whose witness, and whose mirror, has cosigned that. */
  readonly witnessedBy: readonly string[];
  readonly mirroredBy: readonly string[];
}

/** Checks the entries of a log against its checkpoint, with the keys that the charters and the logs themselves give. */
export function checkLog(
  fold: Fold,
  origin: string,
  checkpoint: Bytes,
  tree: MemoryTree,
  problems: BundleProblem[],
): CheckedLog {
  const members = fold.members();
  const name = members.find((member) => member.origin === origin)?.name;
  const signed = openCheckpoint(checkpoint, origin, verifiersOf(fold, origin, "log"));
  let isVerified = false;
  if (name === undefined) {
    problems.push({ code: "unknown-log", message: `${origin}: no charter in force knows this log` });
  } else if (!signed.ok) {
    problems.push({ code: "bad-checkpoint", message: `${origin}: ${signed.fault.message}` });
  } else if (signed.value.checkpoint.size !== tree.size || !equalBytes(signed.value.checkpoint.root, tree.root())) {
    const message = `${origin}: its ${tree.size} entries are not the ${signed.value.checkpoint.size} that it has signed`;
    problems.push({ code: "root-mismatch", message });
  } else {
    isVerified = true;
  }
  for (const { index } of fold.missingBodies(origin, tree.size)) {
    problems.push({ code: "missing-body", message: `${origin}: the body of entry ${index} is missing` });
  }
  const cosigners = (role: KeyRole): string[] =>
    members.flatMap((member) => {
      const keys = member.origin === origin ? [] : verifiersOf(fold, member.origin, role);
      return isVerified && openCheckpoint(checkpoint, origin, keys).ok ? [member.name] : [];
    });
  const size = tree.size;
  return {
    origin,
    name,
    size,
    verified: isVerified,
    witnessedBy: cosigners("witness"),
    mirroredBy: cosigners("mirror"),
  };
}

function verifiersOf(fold: Fold, origin: string, role: KeyRole): Verifier[] {
  return (fold.keys(origin)?.[role] ?? []).flatMap(({ key }) => {
    const verifier = parseVkey(key);
    return verifier.ok ? [verifier.value] : [];
  });
}
