/** What the local interface answers about the telemetry that a station watches. Times in milliseconds since 1970. */
import type { IndicatorKind, SightingContent } from "@detente/record";
import type { HitClass, HitIndicator } from "@detente/screen";
import type { AudienceInput } from "./contract.ts";

/** A log of a source, and how far it was read. */
export interface WatchedLog {
  readonly path: string;
  /** Bytes, unpacked. */
  readonly offset: number;
  /** The line that begins there, from 1. */
  readonly line: number;
}

/** A source in `GET /api/status`. Lines, bytes and hits since the station was started. */
export interface WatchedSourceStatus {
  readonly name: string;
  readonly release: "officer" | "policy";
  /** Indicators that it is screened for; null before the record was read. */
  readonly indicators: number | null;
  /** Logs that are known. */
  readonly files: number;
  /** The newest of them. */
  readonly logs: readonly WatchedLog[];
  readonly lines: number;
  readonly bytes: number;
  /** Over the last minute. */
  readonly bytesPerSecond: number;
  readonly hits: number;
  /** Indicators with hits in windows that have not ended yet. */
  readonly open: number;
  /** Those of them that hit too often. */
  readonly noisy: number;
  /** Sightings that wait for an officer, or for the gate to open. */
  readonly pending: number;
  /** Since the station was started. */
  readonly faultCount: number;
  /** The newest ones. */
  readonly faults: readonly { readonly at: number; readonly message: string }[];
}

/** A line of `GET /api/watch/pending` (JSON Lines). */
export interface PendingSighting {
  readonly id: string;
  readonly source: string;
  readonly indicator: Pick<HitIndicator<unknown>, "kind" | "value">;
  /** Whose share it is an item of. */
  readonly party: string;
  readonly share: string;
  /** Whether a blind look-up in the set of that party found it; else the watch did. */
  readonly isBlind: boolean;
  /** How many hits of each class; this is not said to others. */
  readonly classes: { readonly [Class in HitClass]?: number };
  readonly isNoisy: boolean;
  /** What would be said, all of it. */
  readonly says: SightingContent;
  /** To whom: who can read the share. Null where the share has not taken effect here. */
  readonly audience: AudienceInput | null;
  /** Who has let it out; null while an officer has to decide. */
  readonly releasedBy: "officer" | "policy" | null;
}

/** `POST /api/watch/release` and `POST /api/watch/drop`: which ones, or all that are pending. */
export type WatchChoice = { readonly ids: readonly string[] } | { readonly all: true };

/** The answer to both. What waits is said as soon as that can be done. */
export interface WatchDecision {
  readonly said: readonly { readonly id: string; readonly leafHash: string }[];
  readonly waiting: readonly { readonly id: string; readonly why: string }[];
  readonly dropped: readonly { readonly id: string; readonly why: string }[];
  /** Ids of nothing that is pending. */
  readonly unknown: readonly string[];
}

/** How often an indicator that a partner's set has was found in a log, and which item of a share it is by its label. */
export interface BlindHit {
  readonly kind: IndicatorKind;
  /** In canonical form. */
  readonly value: string;
  readonly share: string;
  readonly index: number;
  /** How many hits of each class. */
  readonly classes: { readonly [Class in HitClass]?: number };
  readonly first: number;
  readonly last: number;
  /** What the log covers. */
  readonly from: number;
  readonly to: number;
}

/** `POST /api/match/hits`. */
export interface BlindHits {
  /** Whose set had them. */
  readonly partner: string;
  /** Names the telemetry in sightings: others read it. */
  readonly source: string;
  readonly hits: readonly BlindHit[];
  /** Whether an officer has let them out already, whatever the policy says. */
  readonly isReleased: boolean;
}

/** What has become of a hit; in the answer they stand in the order of the request. */
export type OfferedHit =
  | { readonly id: string; readonly is: "said"; readonly leafHash: string }
  | { readonly id: string; readonly is: "waits" | "dropped"; readonly why: string };
