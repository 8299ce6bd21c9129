import type { Json } from "@detente/basics";

/** `GET /api/charter` */
export interface CharterReport {
  readonly digest: string;
  readonly document: Json;
  readonly inForce: boolean;
  readonly accepted: readonly string[];
  /** The members' party files with the keys that they have now: what an amendment is drafted from. */
  readonly parties: readonly Json[];
  readonly proposals: readonly CharterProposal[];
}

/** A charter that is proposed to follow the one in force. */
export interface CharterProposal {
  readonly digest: string;
  /** Leaf hash of the statement that proposes it. */
  readonly statement: string;
  readonly attempt: number;
  readonly document: Json;
  /** Parties that it would take in. They accept first, on an invitation. */
  readonly joining: readonly string[];
  readonly accepted: readonly string[];
  readonly lacking: readonly string[];
  /** What a member's acceptance refers to; null while a joining party has not accepted, and no member can. */
  readonly acceptWith: readonly string[] | null;
}

/**
 * `GET /api/charter/invitation?digest=`, and `POST /api/charter/join` at the station of the party that is to join:
 * its acceptance goes on its own log at once, and the record comes to it when the charter is in force.
 */
export interface InvitationFile {
  readonly founding: Json;
  readonly proposal: Json;
  /** Leaf hash of the statement that proposes it: what the newcomer's acceptance refers to. */
  readonly statement: string;
}
