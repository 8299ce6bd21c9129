import type { CanonicalNote, IndicatorCode } from "../canonical/kinds.ts";
import type { Opinions } from "../gate/judge.ts";
import type { Item } from "../item.ts";

export type IndicatorFormat = "csv" | "list" | "stix" | "misp" | "unknown";

/** Why a piece of a file did not become an item; the file's own faults have line 1. */
export type RejectionCode =
  | IndicatorCode
  | "unsupported-type"
  | "unsupported-pattern"
  | "no-value"
  | "revoked"
  | "deleted"
  | "not-for-detection"
  | "not-for-audience"
  | "unterminated-quote"
  | "line-too-long"
  | "file-too-large"
  | "too-many-items"
  | "not-utf8"
  | "not-json"
  | "too-deep"
  | "unknown-format";

/** A remark on something that was accepted, but not as it stood. */
export type RemarkCode = CanonicalNote | "bad-time" | "bad-confidence" | "label-left-out" | "text-cut";

export interface Finding<Code extends string> {
  readonly line: number;
  /** Where on the line or in the document: `column value`, `objects[3].pattern`. */
  readonly place: string;
  /** The piece in question, cut short and printable. */
  readonly text: string;
  readonly code: Code;
  /** One sentence with file, line, reason and remedy. */
  readonly message: string;
}

/** What carries no indicator by its nature and was passed over, counted. */
export interface Ignored {
  readonly what: string;
  readonly count: number;
}

export interface IndicatorFile {
  readonly format: IndicatorFormat;
  readonly items: readonly Item[];
  /** How often each item stood in the file: `occurrences[i]` belongs to `items[i]`. */
  readonly occurrences: readonly number[];
  /** At most `MAX_FINDINGS`; `rejectedCount` counts all. */
  readonly rejected: readonly Finding<RejectionCode>[];
  readonly rejectedCount: number;
  /** At most `MAX_FINDINGS`; `remarkCount` counts all. */
  readonly remarks: readonly Finding<RemarkCode>[];
  readonly remarkCount: number;
  readonly ignored: readonly Ignored[];
  /** By `opinionKey`, what others than its author say of an indicator in the file. */
  readonly opinions: ReadonlyMap<string, Opinions>;
}

/** Of every file that indicators are read from, in bytes. */
export const MAX_INDICATOR_FILE: number = 64 * 1024 * 1024;
export const MAX_ITEMS = 1_000_000;
export const MAX_LINE: number = 64 * 1024;
/** So that a hostile file of nothing but errors stays small in memory. */
export const MAX_FINDINGS = 10_000;
