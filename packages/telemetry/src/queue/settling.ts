import { setTimeout as delay } from "node:timers/promises";
import { CONSUMER, type Job } from "./job.ts";
import { givenUp, type Outcome, parseOutcome } from "./outcome.ts";
import type { PlannedSegment } from "./plan.ts";
import type { Queue } from "./queue.ts";

/** How a job stands. */
export interface JobState {
  readonly settled: number;
  readonly segments: number;
  /** Bytes of the logs of settled segments. */
  readonly bytes: number;
  /** Names of the workers that brought something to an end. */
  readonly workers: ReadonlySet<string>;
  /** Whether segments wait and no worker asks for them. */
  readonly isDeserted: boolean;
}

const POLL_MS = 200;
const LOOK_AROUND_MS = 1000;

/** Learns what became of a job's segments, whoever did them and whenever. */
export class Settling {
  readonly #queue: Queue;
  readonly #job: Job;
  readonly #segments: ReadonlyMap<string, PlannedSegment>;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #workers = new Set<string>();
  #next = 1;
  #bytes = 0;
  #lookedAt = 0;
  #isDeserted = false;
  /** How often in a row nothing of the job waited and nobody was at work on it. */
  #idle = 0;

  constructor(queue: Queue, job: Job, segments: readonly PlannedSegment[]) {
    this.#queue = queue;
    this.#job = job;
    this.#segments = new Map(segments.map((segment) => [segment.id, segment]));
  }

  isSettled({ number }: PlannedSegment): boolean {
    return this.#outcomes.has(number);
  }

  state(): JobState {
    return {
      settled: this.#outcomes.size,
      segments: this.#segments.size,
      bytes: this.#bytes,
      workers: this.#workers,
      isDeserted: this.#isDeserted,
    };
  }

  /** Reads what was reported since it was asked last. */
  async read(): Promise<void> {
    for (;;) {
      const message = await this.#queue.next(this.#job.done, this.#next, this.#job.doneSubject("*"));
      if (message === null) return;
      this.#next = message.seq + 1;
      const segment = this.#segments.get(message.subject.slice(this.#job.doneSubject("").length));
      // What is about no segment of ours is nobody's result.
      if (segment === undefined) continue;
      const outcome = parseOutcome(message.data);
      this.#settle(
        segment,
        outcome.ok ? outcome.value : givenUp("", `a report that is none came: ${outcome.fault.message}`),
      );
    }
  }

  /** Waits until it is known what became of a segment that was put into the queue. */
  async wait(segment: PlannedSegment, onState: (state: JobState) => void): Promise<Outcome> {
    for (;;) {
      const outcome = this.#outcomes.get(segment.number);
      if (outcome !== undefined) return outcome;
      await this.read();
      if (Date.now() - this.#lookedAt >= LOOK_AROUND_MS) await this.#lookAround();
      onState(this.state());
      if (!this.isSettled(segment)) await delay(POLL_MS);
    }
  }

  /**
   * Asks how the queue stands. What waits no more and is held by no worker, and of which nothing was reported, will not
   * be: the server gives a segment out only so many times.
   */
  async #lookAround(): Promise<void> {
    const info = await this.#queue.consumerInfo(this.#job.work, CONSUMER);
    this.#lookedAt = Date.now();
    this.#isDeserted = info.num_pending > 0 && info.num_ack_pending === 0 && info.num_waiting === 0;
    this.#idle = info.num_pending + info.num_ack_pending === 0 ? this.#idle + 1 : 0;
    // Twice, since a server that has just begun again may not have counted yet.
    if (this.#idle < 2) return;
    await this.read();
    for (const segment of this.#segments.values()) {
      const reason = "no worker finished it, though it was given out as often as may be — see the workers' messages";
      if (!this.isSettled(segment)) this.#settle(segment, givenUp("", reason));
    }
  }

  #settle(segment: PlannedSegment, outcome: Outcome): void {
    if (this.isSettled(segment)) return;
    this.#outcomes.set(segment.number, outcome);
    this.#bytes += segment.length;
    if (outcome.worker !== "") this.#workers.add(outcome.worker);
  }
}
