import { type Bytes, collect } from "@detente/basics";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  consistencyProof,
  type MirrorUploadFault,
  submitCheckpoint,
  uploadToMirror,
  type Verifier,
} from "@detente/tlog";
import type { LogHead } from "@detente/store";
import type { Clock } from "../clock.ts";
import { sendTo } from "../http/wire-adapter.ts";
import type { Cosignatures } from "./cosignatures.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { OwnLog } from "./own-log.ts";
import type { Peer } from "./peer.ts";

const LIMITS = { maxBytes: 1 << 20, timeoutMs: 30_000 } as const;

/** A peer that cannot be reached is tried again this often; a new head of ours does not hurry it. */
const RETRY = 1000;

export interface ReplicatorOptions {
  readonly own: OwnLog;
  readonly peer: Peer;
  readonly cosignatures: Cosignatures;
  /** The mirror's word that it holds our log up to a size. */
  readonly onHeld: (party: string, size: number) => void;
  readonly witnessKeys: () => readonly Verifier[];
  readonly mirrorKeys: () => readonly Verifier[];
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/**
 * Brings this party's log to one peer: its newest head to the peer's witness for a cosignature, then its entries to
 * the peer's mirror. Two jobs, so that the upload of many entries does not hold up the next cosignature; and a head's
 * entries go after its cosignature was asked for, which others wait for.
 */
export class Replicator {
  readonly #options: ReplicatorOptions;
  readonly #witnessing: Job;
  readonly #mirroring: Job;
  /** The heads that the peer has taken last. */
  #cosigned: LogHead | undefined;
  #held: LogHead | undefined;
  /** The head that the peer's witness was asked about last, whatever it answered. */
  #asked: LogHead | undefined;
  /** Whether it gave no cosignature: what the mirror gets then waits for none. */
  #isRefused = false;

  constructor(options: ReplicatorOptions) {
    this.#options = options;
    this.#witnessing = new Job(options.clock, () => this.#witness(), options.onFault);
    this.#mirroring = new Job(options.clock, () => this.#mirror(), options.onFault);
  }

  wake(): void {
    this.#witnessing.wake();
    if (this.#isRefused) this.#mirroring.wake();
  }

  /** Brings the newest head once more, though the peer has taken it. */
  showAgain(): void {
    const { head } = this.#options.own.reader;
    if (head !== undefined && this.#cosigned === head) this.#cosigned = { ...head };
    if (head !== undefined && this.#held === head) this.#held = { ...head };
    this.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#witnessing.stop(), this.#mirroring.stop()]);
  }

  async #witness(): Promise<StepOutcome> {
    const { own, peer, cosignatures } = this.#options;
    const { head } = own.reader;
    if (head === undefined || head === this.#cosigned) return "done";
    const answer = await submitCheckpoint({
      send: sendTo(peer.client, "/witness", LIMITS),
      note: head.note,
      oldSize: this.#cosigned?.size ?? 0,
      proof: (oldSize, newSize) => Promise.resolve(this.#proof(oldSize, newSize)),
      witnessKeys: this.#options.witnessKeys(),
    });
    this.#asked = head;
    this.#isRefused = !answer.ok;
    this.#mirroring.wake();
    if (!answer.ok) return this.#failed("witness", answer.fault);
    peer.contact = { reachable: true, detail: "" };
    this.#cosigned = head;
    cosignatures.add(peer.name, head, answer.value);
    return "again";
  }

  async #mirror(): Promise<StepOutcome> {
    const { own, peer } = this.#options;
    const head = this.#isRefused ? own.reader.head : this.#asked;
    if (head === undefined || head === this.#held) return "done";
    const answer = await uploadToMirror({
      send: sendTo(peer.client, "/mirror", LIMITS),
      note: head.note,
      oldSize: this.#held?.size ?? 0,
      nextEntry: this.#held?.size ?? 0,
      entries: (start, end) => collect(own.reader.entries(start, end)),
      hashReader: own.reader.hashReader(head.size),
      mirrorKeys: this.#options.mirrorKeys(),
      gzip: promisify(gzip),
    });
    if (!answer.ok) return this.#failed("mirror", answer.fault);
    this.#held = head;
    this.#options.onHeld(peer.name, head.size);
    return "again";
  }

  #proof(oldSize: number, newSize: number): Bytes[] {
    return consistencyProof(oldSize, newSize, this.#options.own.reader.hashReader(newSize));
  }

  #failed(service: string, fault: MirrorUploadFault): StepOutcome {
    const { peer } = this.#options;
    peer.contact = { reachable: fault.code !== "unreachable", detail: `${service}: ${fault.message}` };
    return { retryAfter: RETRY };
  }
}
