import type { Clock } from "../clock.ts";
import { Cosignatures, quorumSize } from "./cosignatures.ts";
import type { Membership } from "./membership.ts";
import { OutsideWitnesses, type OutsideWitnessesOptions } from "./outside-witnesses.ts";
import type { OwnLog } from "./own-log.ts";
import { type Connect, Peers } from "./peers.ts";
import { Publication } from "./publication.ts";

export interface DisseminationOptions {
  readonly own: OwnLog;
  readonly membership: Membership;
  readonly connect: Connect;
  readonly outside: Pick<OutsideWitnessesOptions, "witnesses" | "connect" | "interval">;
  readonly maySign: () => boolean;
  readonly clock: Clock;
  readonly onFault: (doing: string, error: unknown) => void;
}

/** Brings this party's own log to the members' stations and to witnesses outside the unit, and knows how far it has come. */
export class Dissemination {
  readonly cosignatures: Cosignatures;
  readonly publication: Publication;
  readonly outsideWitnesses: OutsideWitnesses;
  readonly peers: Peers;
  readonly #membership: Membership;
  /** Size of the log that each member mirrors. */
  readonly #held = new Map<string, number>();

  constructor({ own, membership, connect, outside, maySign, clock, onFault }: DisseminationOptions) {
    this.#membership = membership;
    this.cosignatures = new Cosignatures(() => membership.quorum());
    this.publication = new Publication(this.cosignatures, outside.witnesses.length > 0);
    this.outsideWitnesses = new OutsideWitnesses({
      ...outside,
      own,
      publication: this.publication,
      maySign,
      clock,
      onFault: (error) => onFault("asking witnesses outside the unit", error),
    });
    this.cosignatures.onWitnessed(() => this.outsideWitnesses.wake());
    this.peers = new Peers({
      connect,
      membership,
      own,
      cosignatures: this.cosignatures,
      onHeld: (peer, size) => this.#held.set(peer, size),
      onGone: (peer) => this.#held.delete(peer),
      clock,
      onFault: (error) => onFault("replicating", error),
    });
  }

  /** How much of this party's own log a quorum of others mirrors. */
  heldSize(): number {
    return quorumSize([...this.#held.values()], this.#membership.quorum());
  }

  /** The log may have grown, or may be shown from now on. */
  wake(): void {
    this.peers.wake();
    this.outsideWitnesses.wake();
  }
}
