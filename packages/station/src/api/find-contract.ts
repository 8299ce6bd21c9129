import type { AudienceInput } from "./contract.ts";
import type { IntelRow, NewerItem } from "./intel-contract.ts";
import type { FindRelation } from "../vocabulary.ts";

/** `GET /api/find?q=&relation=&after=&limit=`: the first page of every relation, or one further page of one. */
export interface FindReport {
  /** What was asked for as an indicator in canonical form; null where it is none, and its words are looked for. */
  readonly query: { readonly kind: string; readonly value: string } | null;
  readonly groups: readonly FindGroup[];
}

export interface FindGroup {
  readonly relation: FindRelation;
  readonly rows: readonly FindRow[];
  /** To be handed back as `after`, with the relation; null where there is no more. */
  readonly next: string | null;
  /** Of words: whether more than 16 words begin as the last one does, of which the first 16 were looked for. */
  readonly isCut: boolean;
}

/**
 * One value with everything that was said of it, each source's statement by itself. Words may be found in the text of a
 * whole share or of an object without values: its `kind` is `share` or `object` then, its value the title or name.
 */
export interface FindRow {
  readonly kind: string;
  readonly value: string;
  /** Items that state it and stand, and that were withdrawn or replaced (at most 1000 are counted). */
  readonly stated: number;
  readonly withdrawn: number;
  /** At most 20, those that stand first. */
  readonly statements: readonly FoundStatement[];
}

/** Who said it, when, where it stands, and what proves it. */
export interface FoundStatement {
  readonly party: string;
  /** Leaf hash of the share, and the item in it; null for the share as a whole. */
  readonly share: string;
  readonly index: number | null;
  readonly title: string;
  readonly tlp: string;
  readonly audience: AudienceInput;
  /** Of the item; for the share as a whole never `replaced`. */
  readonly status: IntelRow["status"];
  /** The newest version, where it is replaced. */
  readonly newer: NewerItem | null;
  /** When it was said, as its author claims; milliseconds since 1970. */
  readonly at: number | null;
  /** When it took effect, by the observers' claims. */
  readonly since: number | null;
  readonly until: number | null;
  readonly sightings: number;
  /** What its author wrote of it: name or title, description, labels, source, a line each. */
  readonly text: string | null;
  readonly withdrawal: {
    readonly statement: string;
    readonly reason: string | null;
    readonly at: number | null;
  } | null;
  /** The path of the interface that gives the proof. */
  readonly proof: string;
}

/**
 * `GET /api/correlations?share=&after=&limit=`: items of a share whose values others state too. A page may be short, and
 * not the last.
 */
export interface CorrelationReport {
  readonly rows: readonly CorrelationRow[];
  readonly next?: number;
}

export interface CorrelationRow {
  readonly index: number;
  readonly kind: string;
  readonly value: string;
  /** Items of all shares that stand which state the value, this one among them. */
  readonly stated: number;
  /** The others, at most 20. */
  readonly others: readonly FoundStatement[];
}
