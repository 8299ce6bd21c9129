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
  /** Called for a party that is no member any more. */
  readonly onGone: (peer: string) => void;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Link {
  readonly peer: Peer;
  /** Undefined for a party that is only invited: it is not given the record yet. */
  readonly replicator: Replicator | undefined;
}

/** The other members' stations, as the charter has them now. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #links = new Map<string, Link>();
  #isStopped = false;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** The members' stations. */
  list(): Peer[] {
    return [...this.#links.values()].flatMap(({ peer, replicator }) => (replicator === undefined ? [] : [peer]));
  }

  /** Those from whom something may be fetched: members, and parties invited, who may have accepted. */
  sources(): Peer[] {
    return [...this.#links.values()].map(({ peer }) => peer);
  }

  /** Follows a change of the membership: meets whoever has come, leaves whoever has gone or moved. */
  update(): void {
    // What was under way when the station stopped may still come here.
    if (this.#isStopped) return;
    const { membership, cosignatures, onGone } = this.#options;
    const members = membership.others();
    const parties = [...members, ...membership.invited()];
    for (const [name, link] of this.#links) {
      const party = parties.find((candidate) => candidate.name === name);
      const isMember = members.some((member) => member.name === name);
      if (party !== undefined && isMember === (link.replicator !== undefined) && isSameStation(party, link.peer.party))
        continue;
      this.#links.delete(name);
      void close(link);
      if (isMember) continue;
      cosignatures.forget(name);
      onGone(name);
    }
    for (const party of parties) {
      if (!this.#links.has(party.name)) this.#links.set(party.name, this.#link(party, members.includes(party)));
    }
  }

  /** There is a new head of our own log to bring to all. */
  wake(): void {
    for (const { replicator } of this.#links.values()) replicator?.wake();
  }

  /** Brings the newest head to one peer once more. */
  showAgain(name: string): void {
    this.#links.get(name)?.replicator?.showAgain();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#links.values()].map(close));
    this.#links.clear();
  }

  #link(party: PartyFile, isMember: boolean): Link {
    const { connect, membership, own, cosignatures, onHeld, clock, onFault } = this.#options;
    const peer: Peer = {
      name: party.name,
      party,
      client: connect(party),
      contact: { reachable: false, detail: "not tried yet" },
    };
    if (!isMember) return { peer, replicator: undefined };
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
  await replicator?.stop();
  await peer.client.close();
}
