import type { CharterDocument } from "@detente/record";
import type { BlobWriter, BodyWriter, IndexReader, IndexWriter, StateStore } from "@detente/store";
import type { Clock } from "./clock.ts";
import type { Gate } from "./setup/gate.ts";
import type { Invitation } from "./setup/invitation.ts";
import type { KeyKeeper } from "./setup/key-keeper.ts";
import type { Speaker } from "./speak/speaker.ts";
import type { ForeignCopy } from "./sync/foreign-copy.ts";
import type { MirroredLogs } from "./sync/mirrored-logs.ts";
import type { OutsideWitnessesOptions } from "./sync/outside-witnesses.ts";
import type { OwnLog } from "./sync/own-log.ts";
import type { Connect } from "./sync/peers.ts";

/** The parts of a station that its unit's runtime works with. */
export interface UnitOptions {
  readonly party: string;
  readonly genesis: CharterDocument;
  /** By which this party is to become a member, where it is no founder. */
  readonly invitation?: Invitation;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly keeper: KeyKeeper;
  readonly gate: Gate;
  readonly mirrored: MirroredLogs;
  readonly bodies: BodyWriter;
  readonly blobs: BlobWriter;
  readonly index: { readonly reader: IndexReader; readonly writer: IndexWriter };
  readonly state: StateStore;
  readonly connect: Connect;
  /** Takes the place of this runtime by one over another version of a log. */
  readonly replace: (copy: ForeignCopy) => void;
  readonly outside: Pick<OutsideWitnessesOptions, "witnesses" | "connect" | "interval">;
  /** Called when the record may have changed what is in effect, or items of a share have come. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly onFault: (doing: string, error: unknown) => void;
}
