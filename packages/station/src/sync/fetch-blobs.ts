import { type Bytes, fromHex, present } from "@detente/basics";
import type { BlobWriter } from "@detente/store";
import type { ArrivingItems } from "../api/arriving-contract.ts";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { Peer } from "./peer.ts";

/** The items of a share that is for this party, not here yet. */
export interface WantedBlob {
  /** In hex. */
  readonly digest: string;
  readonly size: number;
  readonly author: string;
}

export interface FetchBlobsOptions {
  readonly peers: () => readonly Peer[];
  readonly blobs: BlobWriter;
  /** Called when a blob is durable here. */
  readonly onBlob: (digest: string) => Promise<void>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Wanted extends WantedBlob {
  /** Who was asked in vain, and when each may be asked again. */
  readonly again: Map<string, number>;
  /** Until when nobody but its author is asked, since another is giving it. */
  heldUntil: number;
  /** Those of the request that is under way. */
  bytes: number;
}

const RETRY = 3000;

/** So long is one that gives another's blob left alone with it. */
const HOLD = 300_000;

/** Whoever gives a blob gives it at least this fast; a slower one only holds a place. */
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;

/** Between two requests in vain to one peer: what an author withholds must not use up what others grant this station. */
const PAUSE = 100;

/**
 * Fetches the blobs of shares: from their author first, and from any other member when the author does not give them.
 * One job a peer, one blob at a time, so that a slow one holds up nobody's but its own.
 */
export class FetchBlobs {
  readonly #options: FetchBlobsOptions;
  readonly #wanted = new Map<string, Wanted>();
  readonly #jobs = new Map<string, Job>();

  constructor(options: FetchBlobsOptions) {
    this.#options = options;
  }

  get progress(): ArrivingItems["fetching"] {
    const wanted = [...this.#wanted.values()];
    return {
      blobs: wanted.length,
      bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0),
      of: wanted.reduce((sum, { size }) => sum + size, 0),
    };
  }

  want(blob: WantedBlob): void {
    if (!this.#wanted.has(blob.digest))
      this.#wanted.set(blob.digest, { ...blob, again: new Map(), heldUntil: 0, bytes: 0 });
    this.#wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
  }

  #wake(options: { readonly hurry?: boolean } = {}): void {
    const { clock, onFault, peers } = this.#options;
    for (const { name } of peers()) {
      let job = this.#jobs.get(name);
      if (job === undefined) {
        job = new Job(clock, () => this.#step(name), onFault);
        this.#jobs.set(name, job);
      }
      job.wake(options);
    }
  }

  async #step(name: string): Promise<StepOutcome> {
    const { peers, onBlob, clock } = this.#options;
    const peer = peers().find((candidate) => candidate.name === name);
    if (peer === undefined) return "done";
    const wanted = this.#askable(name);
    if (wanted === undefined) return this.#wanted.size > 0 ? { retryAfter: RETRY } : "done";
    const isAuthor = wanted.author === name;
    if (!isAuthor) wanted.heldUntil = clock.now() + HOLD;
    const came = await this.#fetch(peer, wanted);
    if (!isAuthor) wanted.heldUntil = 0;
    if (came) {
      if (this.#wanted.delete(wanted.digest)) await onBlob(wanted.digest);
      return "again";
    }
    wanted.again.set(name, clock.now() + RETRY);
    this.#wake();
    return { retryAfter: PAUSE };
  }

  /** A blob that this peer may be asked for now: its own before those that their author was asked for in vain. */
  #askable(name: string): Wanted | undefined {
    const now = this.#options.clock.now();
    const names = new Set(this.#options.peers().map((peer) => peer.name));
    let other: Wanted | undefined;
    for (const wanted of this.#wanted.values()) {
      if ((wanted.again.get(name) ?? 0) > now) continue;
      if (wanted.author === name) return wanted;
      const isOthersTurn = wanted.again.has(wanted.author) || !names.has(wanted.author);
      if (other === undefined && isOthersTurn && wanted.heldUntil <= now) other = wanted;
    }
    return other;
  }

  async #fetch(peer: Peer, blob: Wanted): Promise<boolean> {
    const digest = present(fromHex(blob.digest), "a digest in hex");
    const { blobs } = this.#options;
    if ((await blobs.has(digest)) || (await blobs.isErased(digest))) return true;
    return this.#fetchFrom(peer, digest, blob);
  }

  /** The answer goes to the disk as it comes; nothing is kept of one whose digest is wrong. */
  async #fetchFrom(peer: Peer, digest: Bytes, blob: Wanted): Promise<boolean> {
    blob.bytes = 0;
    const pipe = new TransformStream<Bytes, Bytes>();
    const writer = pipe.writable.getWriter();
    const stored = this.#options.blobs.put(digest, blob.size, pipe.readable);
    // A store that does not want the blob, or cannot open a file for it, never reads: the sink must not wait for it.
    void stored.then(() => pipe.readable.cancel()).catch(() => undefined);
    const answer = await peer.client
      .request("GET", `/blobs/${blob.digest}`, {
        maxBytes: blob.size,
        timeoutMs: PACE.graceMs + (blob.size / PACE.bytesPerSecond) * 1000,
        pace: PACE,
        sink: (chunk) => {
          blob.bytes += chunk.length;
          return writer.write(chunk);
        },
      })
      .catch(() => undefined);
    if (answer?.ok === true && answer.value.status === 200) await writer.close().catch(() => undefined);
    else await writer.abort(new Error("no answer")).catch(() => undefined);
    return (await stored).ok;
  }
}
