import type { PartyFile } from "@detente/record";
import type { Clock } from "../clock.ts";
import type { PeerClient } from "../wire/peer-client.ts";
import type { Cosignatures } from "./cosignatures.ts";
import type { Membership } from "./membership.ts";
import type { OwnLog } from "./own-log.ts";
import type { Peer } from "./peer.ts";
import { Replicator } from "./replicator.ts";

export type Connect = (party: PartyFile) => PeerClient;

export interface PeersOptions {
  readonly connect: Connect;
  readonly membership: Membership;
  readonly own: OwnLog;
  readonly cosignatures: Cosignatures;
  readonly onHeld: (peer: string, size: number) => void;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Link {
  readonly peer: Peer;
  readonly replicator: Replicator;
}

/** The other members' stations, as the charter has them now. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #links = new Map<string, Link>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  list(): Peer[] {
    return [...this.#links.values()].map(({ peer }) => peer);
  }

  /** Follows a change of the membership: meets whoever has come, leaves whoever has gone or moved. */
  update(): void {
    const parties = this.#options.membership.others();
    for (const [name, link] of this.#links) {
      const party = parties.find((candidate) => candidate.name === name);
      if (party !== undefined && isSameStation(party, link.peer.party)) continue;
      this.#links.delete(name);
      void close(link);
    }
    for (const party of parties) if (!this.#links.has(party.name)) this.#links.set(party.name, this.#link(party));
  }

  /** There is a new head of our own log to bring to all. */
  wake(): void {
    for (const { replicator } of this.#links.values()) replicator.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#links.values()].map(close));
    this.#links.clear();
  }

  #link(party: PartyFile): Link {
    const { connect, membership, own, cosignatures, onHeld, clock, onFault } = this.#options;
    const peer: Peer = {
      name: party.name,
      party,
      client: connect(party),
      contact: { reachable: false, detail: "not tried yet" },
    };
    const replicator = new Replicator({
      own,
      peer,
      cosignatures,
      onHeld,
      witnessKeys: () => membership.verifiers(party.origin, "witness"),
      mirrorKeys: () => membership.verifiers(party.origin, "mirror"),
      clock,
      onFault,
    });
    replicator.wake();
    return { peer, replicator };
  }
}

function isSameStation(a: PartyFile, b: PartyFile): boolean {
  return a.url === b.url && a.tls?.spki === b.tls?.spki;
}

async function close({ peer, replicator }: Link): Promise<void> {
  await replicator.stop();
  await peer.client.close();
}
