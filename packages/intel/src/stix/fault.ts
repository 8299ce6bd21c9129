import { err, type Err, type Fault } from "@detente/basics";

/** Why a STIX object is refused. */
export type StixCode =
  | "not-an-object"
  | "not-json"
  | "not-i-json"
  | "duplicate-member"
  | "too-large"
  | "too-deep"
  | "unsupported-version"
  | "missing-property"
  | "bad-form"
  | "unknown-word"
  | "broken-rule";

export type StixFault = Fault<StixCode>;

/** What is worth telling the author of an object that was accepted. */
export type StixRemarkCode =
  | "custom-object"
  | "custom-property"
  | "unknown-extension"
  | "open-vocabulary"
  | "custom-hash"
  | "foreign-id";

export interface StixRemark {
  readonly code: StixRemarkCode;
  /** Where in the object: `granular_markings[0].selectors[2]`. */
  readonly path: string;
  readonly message: string;
}

/** So that a hostile object of nothing but oddities stays small in memory. */
const MAX_REMARKS = 100;

/** Adds a remark; its message begins with the place, and those beyond the first hundred are dropped. */
export function remark(remarks: StixRemark[], code: StixRemarkCode, path: string, reason: string): void {
  if (remarks.length < MAX_REMARKS) remarks.push({ code, path, message: `${path}: ${reason}` });
}

/** A fault at a place inside an object, the message beginning with the place. */
export function faultAt<Code extends StixCode>(code: Code, path: string, reason: string): Err<Fault<Code>> {
  return err(code, `${path === "" ? "the object" : path}: ${reason}`);
}
