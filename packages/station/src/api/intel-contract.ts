import type { Json } from "@detente/basics";
import type { AudienceInput } from "./contract.ts";

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
