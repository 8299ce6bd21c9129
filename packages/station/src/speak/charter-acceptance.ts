import { unwrap } from "@detente/basics";
import { type CharterDocument, charterDigest } from "@detente/record";
import type { Fold } from "@detente/unit";
import type { Invitation } from "../setup/invitation.ts";
import type { Membership } from "../sync/membership.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { Speaker } from "./speaker.ts";

export interface CharterAcceptanceOptions {
  readonly genesis: CharterDocument;
  readonly invitation: Invitation | undefined;
  readonly fold: Fold;
  readonly membership: Membership;
  readonly own: OwnLog;
  readonly speaker: Speaker;
}

/** Says on the record what an officer has accepted: the founding charter, or the one that takes this party in. */
export class CharterAcceptance {
  readonly #options: CharterAcceptanceOptions;
  #invitation: Invitation | undefined;

  constructor(options: CharterAcceptanceOptions) {
    this.#options = options;
    this.#invitation = options.invitation;
  }

  /** Another charter than before is to take this party in. */
  invite(invitation: Invitation): void {
    this.#invitation = invitation;
  }

  /** States the acceptance, unless this party's own log has it already. */
  async state(): Promise<void> {
    const { speaker, genesis, own, membership } = this.#options;
    const invitation = this.#invitation;
    if (invitation !== undefined && !membership.isMember) {
      const digest = charterDigest(invitation.proposal);
      if (this.#hasAccepted(digest)) return;
      const of = [invitation.statement];
      unwrap(await speaker.state({ type: "position", kind: "accept", of, audience: "unit", content: { digest } }));
    } else if (
      genesis.parties.some(({ origin }) => origin === own.origin) &&
      !this.#hasAccepted(charterDigest(genesis))
    ) {
      unwrap(await speaker.adopt(genesis));
    }
  }

  /** Whether this party's own log accepts the charter with this digest. */
  #hasAccepted(charter: string): boolean {
    const { fold, own } = this.#options;
    const { origin, reader } = own;
    for (let index = 0; index < reader.size; index++) {
      const body = fold.statement(origin, index)?.body;
      const { digest } = (body?.content ?? {}) as { digest?: unknown };
      if (body?.type === "position" && body.kind === "accept" && digest === charter) return true;
    }
    return false;
  }
}
