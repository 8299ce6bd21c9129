import type { AudienceInput } from "./contract.ts";

/** `GET /api/patterns`, a line each: an indicator of a share that stands, with its pattern in the language of STIX. */
export interface PatternRow {
  readonly party: string;
  /** Leaf hash of the share, and the object in it. */
  readonly share: string;
  readonly index: number;
  readonly tlp: string;
  readonly audience: AudienceInput;
  /** Of the indicator. */
  readonly id: string;
  readonly name: string | null;
  readonly pattern: string;
  /** STIX timestamps. */
  readonly validFrom: string;
  readonly validUntil: string | null;
}
