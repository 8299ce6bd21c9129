/** What the local interface answers about what tools bring to be shared. Times in milliseconds since 1970. */
import type { VerdictLabel } from "@detente/intel";
import type { AudienceInput, ShareInput } from "./contract.ts";

/** A line of `GET /api/release` (JSON Lines): what a tool brought at once. */
export interface PendingRelease {
  readonly id: string;
  /** Id of the token that brought it. */
  readonly source: string;
  readonly audience: AudienceInput;
  readonly came: number;
  readonly title: string;
  readonly tlp: ShareInput["tlp"];
  readonly objects: number;
  readonly bytes: number;
  /** How many of each type of STIX. */
  readonly types: Readonly<Record<string, number>>;
  /** How many objects with indicators the gate labels how. */
  readonly labels: { readonly [Label in VerdictLabel]?: number };
  /** Why no rule has released it; null where one has. */
  readonly why: string | null;
  readonly releasedBy: "officer" | "rule" | null;
}

/** `POST /api/release/share` and `POST /api/release/drop`: which ones, or all that are pending. */
export type ReleaseChoice = { readonly ids: readonly string[] } | { readonly all: true };

/** The answer to both. What waits is shared as soon as that can be done. */
export interface ReleaseDecision {
  readonly shared: readonly { readonly id: string; readonly leafHash: string }[];
  readonly waiting: readonly { readonly id: string; readonly why: string }[];
  readonly dropped: readonly { readonly id: string }[];
  /** Ids of nothing that is pending. */
  readonly unknown: readonly string[];
}
