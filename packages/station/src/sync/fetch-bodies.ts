import { type Bytes, fromHex, present, sha256, toHex } from "@detente/basics";
import type { Clock } from "../clock.ts";
import { formatDigests, MAX_DIGESTS, parseBodies } from "../wire/body-frames.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { Peer } from "./peer.ts";

/** A body that a mirrored log names and that is not here. */
export interface WantedBody {
  /** In hex. */
  readonly digest: string;
  /** The party in whose log it is named. */
  readonly author: string;
  /** Whether it is for a part of the unit only: then those who do not give it may well be right. */
  readonly sealed: boolean;
}

export interface FetchBodiesOptions {
  readonly peers: () => readonly Peer[];
  /** Makes bodies durable and gives them to the fold. */
  readonly keep: (bodies: readonly Bytes[]) => Promise<void>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Wanted extends WantedBody {
  /** Who gave nothing when asked in this round. */
  readonly refusedBy: Set<string>;
  /** When the next round may begin. */
  notBefore: number;
}

const LIMITS = { maxBytes: 1 << 25, timeoutMs: 30_000 } as const;

/** A body that nobody gives is asked for again this often; its author's later statements wait for it as well. */
const RETRY = 500;

/** After a request in vain: what an author withholds must not use up what the others grant this station. */
const PAUSE = 100;

/**
 * Fetches bodies: from their author first, and from every other member when the author does not give them. One job a
 * peer, so that a slow one holds up nobody's but its own.
 */
export class FetchBodies {
  readonly #options: FetchBodiesOptions;
  readonly #wanted = new Map<string, Wanted>();
  readonly #jobs = new Map<string, Job>();

  constructor(options: FetchBodiesOptions) {
    this.#options = options;
  }

  /** Bodies that are for the whole unit and not here yet. */
  get missing(): number {
    let count = 0;
    for (const { sealed } of this.#wanted.values()) if (!sealed) count++;
    return count;
  }

  want(bodies: readonly WantedBody[]): void {
    for (const body of bodies) {
      if (!this.#wanted.has(body.digest))
        this.#wanted.set(body.digest, { ...body, refusedBy: new Set(), notBefore: 0 });
    }
    if (bodies.length > 0) this.wake({ hurry: true });
  }

  wake(options: { readonly hurry?: boolean } = {}): void {
    for (const peer of this.#options.peers()) {
      let job = this.#jobs.get(peer.name);
      if (job === undefined) {
        const { clock, onFault } = this.#options;
        job = new Job(clock, () => this.#step(peer.name), onFault);
        this.#jobs.set(peer.name, job);
      }
      job.wake(options);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
  }

  async #step(name: string): Promise<StepOutcome> {
    const peer = this.#options.peers().find((candidate) => candidate.name === name);
    if (peer === undefined) return "done";
    const asked = this.#askable(peer);
    if (asked.length === 0) return this.#wanted.size > 0 ? { retryAfter: RETRY } : "done";
    const digests = asked.map(({ digest }) => present(fromHex(digest), "a digest in hex"));
    const answer = await peer.client.request("POST", "/bodies", { body: formatDigests(digests), ...LIMITS });
    const bodies = answer.ok && answer.value.status === 200 ? parseBodies(answer.value.body, asked.length) : undefined;
    if (bodies === undefined) {
      for (const wanted of asked) if (!wanted.sealed) this.#refused(wanted, peer);
      return { retryAfter: RETRY };
    }
    const kept: Bytes[] = [];
    for (const [i, wanted] of asked.entries()) {
      const body = bodies[i];
      if (body === undefined || body === "later") continue;
      if (body === "absent" || toHex(sha256(body)) !== wanted.digest) this.#refused(wanted, peer);
      else kept.push(body);
    }
    await this.#options.keep(kept);
    for (const body of kept) this.#wanted.delete(toHex(sha256(body)));
    return kept.length > 0 ? "again" : { retryAfter: PAUSE };
  }

  /** What this peer may have and was not asked for in vain: its own bodies, then those whose author gave nothing. */
  #askable(peer: Peer): Wanted[] {
    const own: Wanted[] = [];
    const others: Wanted[] = [];
    const now = this.#options.clock.now();
    const names = new Set(this.#options.peers().map(({ name }) => name));
    for (const wanted of this.#wanted.values()) {
      if (own.length === MAX_DIGESTS) break;
      if (wanted.notBefore > now || wanted.refusedBy.has(peer.name)) continue;
      if (wanted.author === peer.name) own.push(wanted);
      else if (others.length < MAX_DIGESTS && (wanted.refusedBy.has(wanted.author) || !names.has(wanted.author)))
        others.push(wanted);
    }
    return [...own, ...others].slice(0, MAX_DIGESTS);
  }

  /** Once all have refused: a sealed body is not for us; one for the whole unit is asked for again. */
  #refused(wanted: Wanted, peer: Peer): void {
    wanted.refusedBy.add(peer.name);
    if (wanted.sealed && (this.#isPeer(wanted.author) || this.#askedAll(wanted))) this.#wanted.delete(wanted.digest);
    else if (this.#askedAll(wanted)) {
      wanted.refusedBy.clear();
      wanted.notBefore = this.#options.clock.now() + RETRY;
    } else this.wake();
  }

  #askedAll(wanted: Wanted): boolean {
    return this.#options.peers().every(({ name }) => wanted.refusedBy.has(name));
  }

  #isPeer(author: string): boolean {
    return this.#options.peers().some(({ name }) => name === author);
  }
}
