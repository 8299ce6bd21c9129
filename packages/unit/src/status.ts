/**
 * Why a statement has no effect. The statement stays on the record and is shown with its reason; nothing else is
 * touched by it.
 */
export type VoidReason =
  /** The leaf is no leaf of ours: foreign bytes, not canonical, over a limit. */
  | "malformed-leaf"
  /** The body does not fit its leaf, or its content does not fit its kind. */
  | "malformed-body"
  | "other-unit"
  /** The same leaf stands earlier in the same log. */
  | "duplicate"
  /** The author is no party of a charter in force, or wrote this before it accepted the one that made it a party. */
  | "not-a-member"
  /** The author had left when it wrote this. */
  | "party-left"
  /** It must name what it is about, and names nothing. */
  | "no-subject"
  /** What it names is of another kind than it can be about. */
  | "wrong-subject"
  | "no-such-item"
  /** It refers to something that its own audience cannot see. */
  | "outside-view"
  | "author-outside-audience"
  /** Charters, keys, leaving, proofs of equivocation, match sets and meetings concern all parties and cannot be sealed. */
  | "must-be-unit-wide"
  /** An account says what someone else said; one's own word is a position. */
  | "about-oneself"
  /** The list that answers a meeting has more elements than its proposer takes. */
  | "too-many"
  /**
   * The body is for another log: a leaf counts in its author's own alone. A meeting names its author as the proposer,
   * and the list that answers it is not the proposer's own.
   */
  | "copied"
  /** A `withdraw` from a charter leaves the unit, and so must carry the unit's id as its digest. */
  | "not-a-leave"
  /** The key is not the one that the party committed itself to. */
  | "wrong-preimage"
  /** A log's key bears the log's origin as its name. */
  | "wrong-key-name"
  | "no-such-seal"
  | "wrong-unsealing"
  /** The notes of an alleged equivocation prove none. */
  | "not-proven"
  | "no-base"
  /** A charter that leaves out a party of its base which has neither left nor been proven to equivocate. */
  | "omits-member"
  /** A charter that gives a known name another log, or a known log another name. */
  | "name-taken";

/** What a statement can wait for besides its body. */
export type WaitingFor = "references" | "base-charter" | "key" | "excuse";

/**
 * - `pending`: delivered, not observed by a quorum yet, so without effect.
 * - `waiting`: observed, but what it builds on is not there: its body; something it refers to (`references`: the leaf
 *   hashes that have no effect so far); the charter that it amends; a key that verifies its notes; or, for a charter
 *   that leaves out a party, that party's own leaving.
 * - `sealed`: observed; its body is not here, and may be none of our business.
 * - `effective`: it counts. `interpreted` is false for kinds that this version does not know.
 * - `void`: it will not count; see {@link VoidReason}. Only `not-a-member` and `party-left` can still turn: when a
 *   charter comes into force by which its author was a party already, from its acceptance of it on.
 */
export type Status =
  | { readonly state: "pending" }
  | { readonly state: "waiting"; readonly for: "body" }
  | { readonly state: "waiting"; readonly for: "references"; readonly references: readonly string[] }
  | { readonly state: "waiting"; readonly for: Exclude<WaitingFor, "references"> }
  | { readonly state: "sealed" }
  | { readonly state: "effective"; readonly interpreted: boolean }
  | { readonly state: "void"; readonly reason: VoidReason };
