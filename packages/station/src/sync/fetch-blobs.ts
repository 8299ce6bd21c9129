import { type Bytes, fromHex, present } from "@detente/basics";
import type { BlobWriter } from "@detente/store";
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

const TIMEOUT = 300_000;
const RETRY = 3000;

/** Fetches the blobs of shares, one after another: from their author, or from any other member that has them. */
export class FetchBlobs {
  readonly #options: FetchBlobsOptions;
  readonly #wanted = new Map<string, WantedBlob>();
  readonly #job: Job;

  constructor(options: FetchBlobsOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, () => this.#round(), options.onFault);
  }

  get missing(): number {
    return this.#wanted.size;
  }

  want(blob: WantedBlob): void {
    this.#wanted.set(blob.digest, blob);
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #round(): Promise<StepOutcome> {
    const before = this.#wanted.size;
    for (const blob of this.#wanted.values()) {
      if (!(await this.#fetch(blob))) continue;
      this.#wanted.delete(blob.digest);
      await this.#options.onBlob(blob.digest);
    }
    if (this.#wanted.size === 0) return "done";
    return this.#wanted.size < before ? "again" : { retryAfter: RETRY };
  }

  async #fetch(blob: WantedBlob): Promise<boolean> {
    const digest = present(fromHex(blob.digest), "a digest in hex");
    const { blobs } = this.#options;
    if ((await blobs.has(digest)) || (await blobs.isErased(digest))) return true;
    const holders = this.#options
      .peers()
      .toSorted((a, b) => Number(b.name === blob.author) - Number(a.name === blob.author));
    for (const peer of holders) if (await this.#fetchFrom(peer, digest, blob)) return true;
    return false;
  }

  /** The answer goes to the disk as it comes; nothing is kept of one whose digest is wrong. */
  async #fetchFrom(peer: Peer, digest: Bytes, blob: WantedBlob): Promise<boolean> {
    const pipe = new TransformStream<Bytes, Bytes>();
    const writer = pipe.writable.getWriter();
    const stored = this.#options.blobs.put(digest, blob.size, pipe.readable);
    // A store that does not want the blob, or cannot open a file for it, never reads: the sink must not wait for it.
    void stored.then(() => pipe.readable.cancel()).catch(() => undefined);
    const answer = await peer.client
      .request("GET", `/blobs/${blob.digest}`, {
        maxBytes: blob.size,
        timeoutMs: TIMEOUT,
        sink: (chunk) => writer.write(chunk),
      })
      .catch(() => undefined);
    if (answer?.ok === true && answer.value.status === 200) await writer.close().catch(() => undefined);
    else await writer.abort(new Error("no answer")).catch(() => undefined);
    return (await stored).ok;
  }
}
