/** How far the clocks of two stations may differ, and so how long a signature is good for. Seconds. */
export const SIGNATURE_WINDOW = 300;

/** `stale`: signed so long ago that whether it was seen before can no longer be known. */
export type NonceVerdict = "fresh" | "seen" | "stale" | "full";

interface Seen {
  readonly created: Map<string, number>;
  /** The newest signing time among the nonces forgotten: whatever is not newer may be a replay. */
  floor: number;
}

/**
 * Remembers the nonces of accepted requests for as long as their signatures are good. Never forgets one to make
 * room: a peer that fills its share is refused until its older nonces expire, and only that peer.
 */
export class NonceCache {
  readonly #perPeer: number;
  readonly #since: number;
  readonly #peers = new Map<string, Seen>();

  /**
   * @param options.perPeer nonces kept for one peer; must exceed its rate of requests times twice the window
   * @param options.since Unix seconds: what was signed before this is refused, since an earlier run of this station
   *   may have accepted it. The time of the start.
   */
  constructor(options: { readonly perPeer: number; readonly since: number }) {
    this.#perPeer = options.perPeer;
    this.#since = options.since;
  }

  /**
   * Uses up a nonce. Call it last, with a verified peer, so that strangers cannot fill the cache.
   * @param created Unix seconds at which the request says it was signed
   * @param now Unix seconds
   */
  use(peer: string, nonce: string, created: number, now: number): NonceVerdict {
    let seen = this.#peers.get(peer);
    if (seen === undefined) {
      seen = { created: new Map(), floor: this.#since - 1 };
      this.#peers.set(peer, seen);
    }
    forgetExpired(seen, now);
    if (seen.created.has(nonce)) return "seen";
    if (created <= seen.floor) return "stale";
    if (seen.created.size >= this.#perPeer) return "full";
    seen.created.set(nonce, created);
    return "fresh";
  }
}

/**
 * The floor, not the clock, decides what is still safe to accept: a clock that is set back makes expired signatures
 * look good again, but they stay below the floor.
 */
function forgetExpired(seen: Seen, now: number): void {
  for (const [nonce, created] of seen.created) {
    if (created + SIGNATURE_WINDOW >= now) break;
    seen.created.delete(nonce);
    seen.floor = Math.max(seen.floor, created);
  }
}
