import { err, ok } from "@detente/basics";
import type { FetchTile } from "@detente/tlog";
import type { Peer } from "./peer.ts";

/** The largest tile or entry bundle: 256 entries of 65,535 bytes and their lengths. */
const LIMITS = { maxBytes: 256 * 65_537, timeoutMs: 30_000 } as const;

/** Reads the tiles of a log from a peer's copy below `prefix`. */
export function fetchTilesFrom(peer: Peer, prefix: string): FetchTile {
  return async (path) => {
    const answer = await peer.client.request("GET", `${prefix}/${path}`, LIMITS);
    if (!answer.ok) return err("unavailable", answer.fault.message);
    const { status, body } = answer.value;
    if (status === 200) return ok(body);
    return status === 404
      ? err("not-found", `${peer.name} has no ${path}`)
      : err("unavailable", `${peer.name} answered ${status}`);
  };
}
