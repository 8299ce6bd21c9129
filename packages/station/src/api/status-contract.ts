import type { ExchangeStatus } from "../exchange/schedule/scheduler.ts";
import type { ArrivingItems } from "./arriving-contract.ts";
import type { AudienceInput, RotateInput } from "./contract.ts";
import type { WatchedSourceStatus } from "./watch-contract.ts";

export type StationState =
  /** No charter has been accepted yet. */
  | "no-unit"
  /** Just started: peers are asked for the newest head of this log before anything is signed. */
  | "checking"
  /** Peers hold a newer head of this log than this directory: an officer has to recover first. */
  | "behind"
  /** Everything works. */
  | "ready"
  /** Storage failed: nothing more is signed until a restart. */
  | "storage-failed"
  /** This party's own log is proven to have two versions. */
  | "frozen";

/** `GET /api/status` */
export interface StatusReport {
  readonly station: {
    readonly party: string;
    readonly origin: string;
    readonly url: string;
    readonly state: StationState;
    /** One sentence: why, and what to do. */
    readonly detail: string;
  };
  readonly unit: UnitStatus | null;
  readonly arriving: ArrivingItems | null;
  /** This party's own log: entries on this disk, cosigned by a quorum of others, mirrored by a quorum of others. */
  readonly own: { readonly recorded: number; readonly witnessed: number; readonly held: number };
  readonly logs: readonly LogStatus[];
  readonly equivocations: readonly EquivocationStatus[];
  /** Roles whose former key is still used beside the new one, and the members that do not know the new one yet. */
  readonly changingKeys: readonly { readonly role: RotateInput["role"]; readonly members: readonly string[] }[];
  /** Witnesses outside the unit: how far each has cosigned this party's log, and why not further where it failed. */
  readonly witnesses: readonly {
    readonly name: string;
    readonly url: string;
    readonly cosigned: number;
    readonly detail: string;
  }[];
  /** This party's own telemetry that is watched. */
  readonly watch: readonly WatchedSourceStatus[];
  /** Exchanges with TAXII servers outside. */
  readonly taxii: readonly ExchangeStatus[];
}

/** A log that is proven to have two versions. */
export interface EquivocationStatus {
  readonly log: string;
  /** Entries of it that have taken effect. */
  readonly frozenAt: number;
  /** Leaf hash of a statement that proves it. */
  readonly statement?: string;
  /** Both versions have been observed by a quorum: some observer saw both, and people have to decide. */
  readonly isDivided: boolean;
  /** Where copies of another version than the unit's are kept as evidence. */
  readonly aside: readonly string[];
}

export interface UnitStatus {
  readonly id: string;
  readonly title: string;
  readonly inForce: boolean;
  readonly quorum: number;
  /** Whether what this party says counts, or will when the charter that takes it in is in force. */
  readonly isMember: boolean;
  readonly members: readonly string[];
  readonly digests: readonly { readonly audience: AudienceInput; readonly digest: string }[];
  readonly shares: number;
  /** In shares of indicators. */
  readonly indicators: number;
  /** In shares of objects. */
  readonly objects: number;
  readonly sightings: number;
}

export interface LogStatus {
  readonly party: string;
  readonly origin: string;
  /** Entries held here. */
  readonly size: number;
  readonly root: string;
  /** Entries that have taken effect: observed by a quorum of others. */
  readonly effective: number;
  /** The largest head of it that this station cosigned. */
  readonly cosigned: number;
  readonly missingBodies: number;
  readonly frozen: boolean;
  /** Absent for one's own log. */
  readonly peer?: { readonly reachable: boolean; readonly detail: string };
}
