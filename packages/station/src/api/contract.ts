/**
 * What the local interface of a station (`/api/…`) takes and answers, for the command line and other tools of the
 * party itself. Requests carry `Authorization: Bearer <token>`; answers are JSON unless said otherwise; faults are
 * problem documents (RFC 9457).
 */
import type { Json } from "@detente/basics";
import type { ExchangeStatus } from "../exchange/schedule/scheduler.ts";
import type { ArrivingItems } from "./arriving-contract.ts";
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
  readonly digests: readonly { readonly audience: "unit" | readonly string[]; readonly digest: string }[];
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

export type AudienceInput = "unit" | readonly string[];

/** `POST /api/statements` */
export interface StatementInput {
  readonly type: "open" | "exhibit" | "weigh" | "position" | "account" | "observe" | "seal";
  readonly kind: string;
  readonly of: readonly string[];
  readonly audience: AudienceInput;
  readonly content: Json;
  readonly unseals?: { readonly seal: string; readonly salt: string };
}

/** `POST /api/shares` */
export interface ShareInput {
  readonly title: string;
  readonly tlp: "clear" | "green" | "amber" | "amber+strict" | "red";
  readonly audience: AudienceInput;
  readonly source?: string;
  readonly items: readonly Json[];
}

/** `POST /api/objects`: STIX objects, each in the bytes (UTF-8) in which its source stated it. */
export interface ObjectsInput {
  readonly title: string;
  /** At least as strict as the strictest of the objects; that one where nothing is said, or amber. */
  readonly tlp?: ShareInput["tlp"];
  readonly audience: AudienceInput;
  readonly source?: string;
  /** That this party itself marked them, so that what it received as TLP:AMBER is not among them. */
  readonly isOwn?: boolean;
  readonly objects: readonly string[];
}

/** The answer to all three: the statement is durable here and covered by a signed head. */
export interface Appended {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
}

export type StatementStatus = "waiting" | "pending" | "effective" | "void";

/** One row of `GET /api/log?party=&after=&limit=`: `{rows, next}`; `after` is an index in the party's log. */
export interface LogRow {
  readonly party: string;
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
  readonly at: number | null;
  readonly type: string;
  readonly kind: string | null;
  readonly of: readonly string[];
  readonly status: StatementStatus;
  /** Why it is void or waits. */
  readonly reason: string | null;
  readonly audience: AudienceInput | null;
  readonly content: Json;
}

/** One row of `GET /api/intel?q=&kind=&party=&limit=&after=`: `{rows, next}`. */
export interface IntelRow {
  readonly value: string;
  readonly kind: string;
  readonly party: string;
  readonly share: string;
  readonly index: number;
  readonly title: string;
  readonly tlp: string;
  readonly audience: AudienceInput;
  /** That of the share, or `replaced`: its author has stated a newer version of the object in a later share. */
  readonly status: "effective" | "pending" | "withdrawn" | "replaced";
  /** The newest version, where it is replaced. */
  readonly newer: NewerItem | null;
  readonly sightings: number;
  readonly falsePositives: number;
  readonly item: Json;
}

/** The newest version of a STIX object that stands in an earlier share by the same author too. */
export interface NewerItem {
  readonly share: string;
  readonly index: number;
  /** As a STIX timestamp, without zeros at its end. */
  readonly modified: string;
  /** Then nothing is looked for in its place. */
  readonly revoked: boolean;
}

/** A row of `GET /api/withdrawals`: `{rows}`; a share that its author took back. */
export interface WithdrawalRow {
  readonly share: string;
  readonly title: string;
  readonly party: string;
  readonly audience: AudienceInput;
  /** Leaf hash of the withdrawal. */
  readonly statement: string;
  readonly reason: string | null;
  /** When it took effect, by the observers' claims; milliseconds since 1970. */
  readonly at: number | null;
  /** Those who can read the share, and whether their station has applied the withdrawal. */
  readonly applied: readonly { readonly party: string; readonly applied: boolean }[];
}

/** One line of `GET /api/indicators` (JSON Lines): what may be screened for: in effect and not withdrawn. */
export interface IndicatorRow {
  readonly kind: string;
  readonly value: string;
  /** When it expires, milliseconds since 1970: from then on nobody is to look for it. */
  readonly until?: number;
  readonly share: string;
  readonly index: number;
  readonly party: string;
}

/** One line of `GET /api/items` (JSON Lines): an item of a share that this party holds, whatever became of the share. */
export interface ItemRow {
  readonly party: string;
  readonly share: string;
  readonly index: number;
  readonly title: string;
  /** Of the share, or of the object that names it where that is marked stricter. */
  readonly tlp: string;
  readonly audience: AudienceInput;
  /** When it was shared, in milliseconds since 1970, as its author says. */
  readonly at: number;
  readonly status: IntelRow["status"];
  /** Where it is `replaced`. */
  readonly newer?: NewerItem;
  readonly item: Json;
  /** Who saw it, and when last (milliseconds since 1970), and who found it to be wrong; where anybody has. */
  readonly observed?: {
    readonly sightings: readonly { readonly party: string; readonly last: number }[];
    readonly refutedBy: readonly string[];
  };
}

/**
 * `POST /api/keys/rotate`: replaces the key of a role by its committed successor, which is read from keys/next.json
 * unless its seed (32 bytes in base64) is given.
 */
export interface RotateInput {
  readonly role: "log" | "witness" | "mirror" | "transport";
  readonly seed?: string;
}

/** The statement, what it says, and with it a new successor in keys/next.json. */
export interface RotateReport extends Appended {
  readonly role: RotateInput["role"];
  readonly key: string;
  readonly next: string;
}

/** `GET /api/charter` */
export interface CharterReport {
  readonly digest: string;
  readonly document: Json;
  readonly inForce: boolean;
  readonly accepted: readonly string[];
  /** The members' party files with the keys that they have now: what an amendment is drafted from. */
  readonly parties: readonly Json[];
  readonly proposals: readonly CharterProposal[];
}

/** A charter that is proposed to follow the one in force. */
export interface CharterProposal {
  readonly digest: string;
  /** Leaf hash of the statement that proposes it. */
  readonly statement: string;
  readonly attempt: number;
  readonly document: Json;
  /** Parties that it would take in. They accept first, on an invitation. */
  readonly joining: readonly string[];
  readonly accepted: readonly string[];
  readonly lacking: readonly string[];
  /** What a member's acceptance refers to; null while a joining party has not accepted, and no member can. */
  readonly acceptWith: readonly string[] | null;
}

/**
 * `GET /api/charter/invitation?digest=`, and `POST /api/charter/join` at the station of the party that is to join:
 * its acceptance goes on its own log at once, and the record comes to it when the charter is in force.
 */
export interface InvitationFile {
  readonly founding: Json;
  readonly proposal: Json;
  /** Leaf hash of the statement that proposes it: what the newcomer's acceptance refers to. */
  readonly statement: string;
}

/** `POST /api/recover`: fetches from the mirrors what this directory lacks; `without` names peers that need not answer. */
export interface RecoverInput {
  readonly without: readonly string[];
}

export interface RecoverReport {
  readonly from: number;
  readonly to: number;
  readonly source: string | null;
}
