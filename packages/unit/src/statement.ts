import type { Audience, Said, StatementLeaf, StatementType, Unseals } from "@detente/record";
import type { Log } from "./log.ts";
import type { VoidReason, WaitingFor } from "./status.ts";

/**
 * - `delivered`: not covered by a quorum yet, or not reached because an earlier body of its log is missing;
 * - `outside`: covered, but its author was no party then, as far as is known;
 * - `waiting`, `effective`, `void`: see `Status`. A sealed one whose body is not here is `waiting`.
 */
type State = "delivered" | "outside" | "waiting" | "effective" | "void";

/** What the leaf alone shows: `heads` has no body, `foreign` is no leaf of this unit at all. */
type Form = "unit-wide" | "sealed" | "heads" | "foreign";

/** What the fold keeps of a leaf, until the body is here. */
export interface Claim {
  readonly type: StatementLeaf["type"];
  /** Numbers of the leaf hashes that it refers to (see `HashIndex`). */
  readonly of: readonly number[];
  /** Number of the body's digest (see `BodyShelf`). */
  readonly body: number;
  /** Bytes of the body. */
  readonly size: number;
}

/** What the fold keeps of a body. Shared by all statements that name it. */
export type StatementBody = Said & {
  readonly type: StatementType;
  readonly kind: string;
  /** As in `Claim`. */
  readonly of: readonly number[];
  /** The origin of the log that it is for: its author's. */
  readonly by: string;
  readonly audience: Audience;
  /** `audienceKey` of the audience. */
  readonly view: string;
  readonly unseals: Unseals | undefined;
  /** Bytes. */
  readonly size: number;
};

/** One entry of one log. The same leaf in two logs makes two statements, of which one at most counts: its author's. */
export interface Statement {
  readonly log: Log;
  readonly index: number;
  /** Number of the leaf hash. */
  readonly id: number;
  form: Form;
  state: State;
  /** Set as soon as it is known, which may be before the statement is covered by a quorum. */
  reason: VoidReason | undefined;
  waitsFor: WaitingFor | undefined;
  /** Kept until the body is here. */
  claim: Claim | undefined;
  body: StatementBody | undefined;
}
