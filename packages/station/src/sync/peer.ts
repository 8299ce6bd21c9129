import type { PartyFile } from "@detente/record";
import type { PeerClient } from "../wire/peer-client.ts";

/** Another member of the unit, and the way to its station. */
export interface Peer {
  readonly name: string;
  readonly party: PartyFile;
  readonly client: PeerClient;
  /** How the last exchange went, for status. */
  contact: { reachable: boolean; detail: string };
}
