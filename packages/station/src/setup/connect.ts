import { type Bytes, toBase64 } from "@detente/basics";
import type { PartyFile } from "@detente/record";
import type { Clock } from "../clock.ts";
import { Backoff } from "../wire/backoff.ts";
import { createPeerClient, type PeerClient, unreachablePeer } from "../wire/peer-client.ts";
import type { WireFetch } from "../wire/wire-fetch.ts";
import type { StationConfig } from "./config.ts";

const BACKOFF = { baseMs: 100, maxMs: 2000 } as const;

export interface ConnectOptions {
  readonly config: Pick<StationConfig, "name" | "url">;
  readonly transportSeeds: () => readonly Bytes[];
  readonly clock: Clock;
  readonly random: (length: number) => Bytes;
  /** In place of sockets. */
  readonly fetch: WireFetch | undefined;
}

/**
 * The way to other parties' stations. Any member can propose a charter with any address in it: one that cannot be
 * called costs nobody else anything.
 */
export function connector(options: ConnectOptions): (party: PartyFile) => PeerClient {
  const { config, transportSeeds, clock, random, fetch } = options;
  return (party) => {
    // Plain http leads to this machine, where things listen that trust whoever calls from here.
    if (config.url.startsWith("https:") && party.url.startsWith("http:")) {
      return unreachablePeer(`${party.name}: a station that others reach calls nobody over plain http`);
    }
    const client = createPeerClient({
      self: config.name,
      transportSeeds,
      peer: party,
      now: () => clock.now(),
      nonce: () => toBase64(random(18)),
      backoff: new Backoff({ ...BACKOFF, random: () => (random(1)[0] ?? 0) / 256 }),
      ...(fetch === undefined ? {} : { fetch }),
    });
    return client.ok ? client.value : unreachablePeer(`${party.name}: ${client.fault.message}`);
  };
}
