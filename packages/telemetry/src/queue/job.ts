import { sha256, toHex, utf8 } from "@detente/basics";
import { AckPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { Blobs } from "./blobs.ts";
import type { PlannedSegment } from "./plan.ts";
import type { Queue } from "./queue.ts";

/** The durable consumer that all workers of a job share. */
export const CONSUMER = "workers";
/**
 * A segment that so many workers took and none brought to an end is given up: it may be what kills them.
 * @internal
 */
export const MAX_DELIVER = 5;
/** About twice the workers that anybody has; each holds one segment at a time. */
const MAX_ACK_PENDING = 1024;
/** So long the server remembers which segments it was given; what it forgets later is screened twice, which is harmless. */
const REMEMBERED_MS: number = 24 * 60 * 60_000;
const AT_ONCE = 64;
const NAME = /^DETENTE_([0-9a-f]{32})_WORK$/;

/**
 * A job's two streams: the segments that wait, and what became of them, with hits and indicators in parts. Both go by
 * the job's id, a digest of all that decides its result, so that who asks for the same finds what was done already.
 */
export class Job {
  readonly id: string;
  readonly work: string;
  readonly done: string;
  readonly blobs: Blobs;
  readonly #queue: Queue;

  constructor(queue: Queue, id: string) {
    this.id = id;
    this.work = `DETENTE_${id}_WORK`;
    this.done = `DETENTE_${id}_DONE`;
    this.blobs = new Blobs(queue, this.done, (digest) => `detente.${id}.part.${digest}`);
    this.#queue = queue;
  }

  static idOf(segments: readonly { readonly id: string }[]): string {
    return toHex(sha256(utf8(segments.map(({ id }) => id).join("\n")))).slice(0, 32);
  }

  /** The jobs that wait for workers. */
  static async waiting(queue: Queue): Promise<Job[]> {
    const streams = await queue.streamsOf("detente.*.work.*");
    return streams.flatMap((stream) => {
      const id = NAME.exec(stream)?.[1];
      return id === undefined ? [] : [new Job(queue, id)];
    });
  }

  /** The subject under which a segment waits; its last token is the segment's id. */
  workSubject(segment: string): string {
    return `detente.${this.id}.work.${segment}`;
  }

  /** The subject under which it is told what became of a segment. */
  doneSubject(segment: string): string {
    return `detente.${this.id}.done.${segment}`;
  }

  /** Makes the streams unless they are there. @param ackWaitMs so long a silent worker keeps a segment */
  async open(ackWaitMs: number): Promise<void> {
    const common = { storage: StorageType.File, max_msgs_per_subject: 1 };
    await this.#queue.addStream({
      ...common,
      name: this.done,
      subjects: [`detente.${this.id}.done.*`, `detente.${this.id}.part.*`],
    });
    await this.#queue.addStream({
      ...common,
      name: this.work,
      subjects: [this.workSubject("*")],
      retention: RetentionPolicy.Workqueue,
      duplicate_window: nanos(REMEMBERED_MS),
    });
    await this.#queue.addConsumer(this.work, {
      durable_name: CONSUMER,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWaitMs),
      max_deliver: MAX_DELIVER,
      max_ack_pending: MAX_ACK_PENDING,
    });
  }

  /** Puts segments into the queue; those that are in it already stay as they are. */
  async enqueue(segments: readonly PlannedSegment[]): Promise<void> {
    for (let i = 0; i < segments.length; i += AT_ONCE) {
      await Promise.all(
        segments
          .slice(i, i + AT_ONCE)
          .map(({ id, descriptor }) => this.#queue.publish(this.work, this.workSubject(id), descriptor, id)),
      );
    }
  }

  async remove(): Promise<void> {
    await this.#queue.removeStream(this.work);
    await this.#queue.removeStream(this.done);
  }
}
