import type { Result } from "@detente/basics";
import type { StorageFault } from "@detente/store";
import type { Cosigner, Verifier } from "@detente/tlog";
import { openForeignCopy, takeFrom } from "./foreign-copy.ts";
import type { MirroredLogs } from "./mirrored-logs.ts";
import type { Peer } from "./peer.ts";

/** A log of which a peer has the version that a quorum observed. */
export interface OtherVersion {
  readonly origin: string;
  readonly peer: Peer;
  /** All keys that the log has had. */
  readonly verifiers: readonly Verifier[];
}

/**
 * Puts our copy of a log aside as evidence and takes the peer's in its place. Killed in between, or where the peer does
 * not answer, the station takes that version later, as any entries that are lacking.
 * @returns where ours is now
 */
export async function putAside(
  mirrored: MirroredLogs,
  { origin, peer, verifiers }: OtherVersion,
  cosigners: readonly Cosigner[],
  now: () => number,
): Promise<Result<string, StorageFault>> {
  const reason = `A quorum of the unit has observed another version of this log; ${peer.name} has it.\n`;
  return mirrored.inTurn(origin, async () => {
    const other = await openForeignCopy(peer, origin, verifiers);
    const aside = await mirrored.setAside(origin, reason);
    const log = await mirrored.open(origin);
    if (aside.ok && other.ok) await takeFrom(other.value, log, cosigners, now());
    return aside;
  });
}
