import type { Verifier } from "@detente/tlog";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import type { KeyKeeper } from "../setup/key-keeper.ts";
import type { ForeignCopy } from "./foreign-copy.ts";
import type { MirroredLogs } from "./mirrored-logs.ts";
import type { Connect } from "./peers.ts";
import { putAside } from "./put-aside.ts";

export interface ReplaceOptions {
  readonly mirrored: MirroredLogs;
  readonly keeper: KeyKeeper;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connect: Connect;
  /** Ends the unit's runtime. @returns whether the station goes on */
  readonly stop: () => Promise<boolean>;
  /** All keys that the log's party has had. */
  readonly verifiers: () => readonly Verifier[];
  /** Begins another runtime, over what is on disk then. */
  readonly join: () => Promise<void>;
}

/** Takes the version of a log that a quorum observed in place of ours, and makes the fold anew from disk. */
export async function replaceCopy({ origin, peer }: ForeignCopy, options: ReplaceOptions): Promise<void> {
  const { mirrored, keeper, gate, clock, logger, connect, stop, verifiers, join } = options;
  logger.warn({ log: origin, from: peer.name }, "a quorum has observed another version of this log: ours is put aside");
  const client = connect(peer.party);
  try {
    if (!(await stop())) return;
    const other = { origin, peer: { ...peer, client }, verifiers: [...verifiers()] };
    const aside = await putAside(mirrored, other, keeper.cosigners("mirror"), () => clock.now());
    if (!aside.ok) gate.set("storage-failed", `${aside.fault.message}; nothing more is signed until a restart`);
    await join();
  } catch (error) {
    logger.error({ err: error }, "replacing a copy of a log");
    gate.set("storage-failed", "replacing a copy of a log failed; restart the station");
  } finally {
    await client.close();
  }
}
