/**
 * What the local interface of a station (`/api/…`) takes and answers, for the command line and other tools of the
 * party itself. Requests carry `Authorization: Bearer <token>`; answers are JSON unless said otherwise; faults are
 * problem documents (RFC 9457).
 */
import type { Json } from "@detente/basics";

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

/** `POST /api/recover`: fetches from the mirrors what this directory lacks; `without` names peers that need not answer. */
export interface RecoverInput {
  readonly without: readonly string[];
}

export interface RecoverReport {
  readonly from: number;
  readonly to: number;
  readonly source: string | null;
}
