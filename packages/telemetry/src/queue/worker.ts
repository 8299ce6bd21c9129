import { setTimeout as delay } from "node:timers/promises";
import { err, ok, type Result } from "@detente/basics";
import type { Screener } from "@detente/screen";
import type { JsMsg } from "@nats-io/jetstream";
import { readList } from "./indicator-list.ts";
import { CONSUMER, Job } from "./job.ts";
import { isGivenUp, type Outcome, outcomeBytes } from "./outcome.ts";
import type { Queue } from "./queue.ts";
import { JobGoneError, QueueError } from "./queue-error.ts";
import { parseSegment, type Segment, segmentId } from "./segment.ts";
import { outcomeOf, screenSegment, type Worker, type WorkFault } from "./work.ts";

export interface WorkerEvents {
  /** A segment came to an end here. */
  readonly onDone: (segment: Segment, outcome: Outcome) => void;
  /** Something for people: an attempt failed, the server is away. */
  readonly onTrouble: (message: string) => void;
}

const IDLE_MS = 1000;
/** Not as long as the asking: what the server hands out at the moment at which an asking ends is lost on its way. */
const RETRY_MS = 600;
const ASK_HELD_MS = 5000;

/**
 * Takes segments of all waiting jobs, by turns, one at a time, until it is told to stop; then the segment at hand is
 * given back. The server's absence is waited for.
 * @throws QueueError when the server no longer takes the login
 */
export async function runWorker(
  queue: Queue,
  worker: Worker,
  events: WorkerEvents,
  signal: AbortSignal,
): Promise<void> {
  const bench = new Bench(queue, worker, events, signal);
  const rounds = new Rounds(queue);
  while (!signal.aborted) {
    try {
      const jobs = await rounds.next();
      for (const job of jobs) await bench.takeOne(job);
      if (jobs.length === 0) await pause(signal);
    } catch (error) {
      if (!(error instanceof QueueError) || queue.isClosed) throw error;
      if (error instanceof JobGoneError) continue;
      events.onTrouble(error.message);
      await pause(signal);
    }
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(IDLE_MS, undefined, { signal }).catch(() => undefined);
}

/** Which jobs are to be asked for a segment, one after another. */
class Rounds {
  readonly #queue: Queue;
  #askedInVain = 0;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /**
   * Those that have segments waiting. A job of which other workers hold all that is left may get one back, if one of
   * them dies; asking it means waiting, so that is done when nothing else is to do, and now and then.
   */
  async next(): Promise<Job[]> {
    const ready: Job[] = [];
    const held: Job[] = [];
    for (const job of await Job.waiting(this.#queue)) {
      const { num_pending: waiting, num_ack_pending: underWay } = await this.#queue.consumerInfo(job.work, CONSUMER);
      if (waiting > 0) ready.push(job);
      else if (underWay > 0) held.push(job);
    }
    if (ready.length > 0 && Date.now() - this.#askedInVain < ASK_HELD_MS) return ready;
    this.#askedInVain = Date.now();
    return [...ready, ...held];
  }
}

/** What a worker keeps from one segment to the next. */
class Bench {
  readonly #queue: Queue;
  readonly #worker: Worker;
  readonly #events: WorkerEvents;
  readonly #signal: AbortSignal;
  /** The newest list of indicators, ready to be searched for: segments of a job share it. */
  #screener: { readonly indicators: string; readonly screener: Screener<number> } | undefined;

  constructor(queue: Queue, worker: Worker, events: WorkerEvents, signal: AbortSignal) {
    this.#queue = queue;
    this.#worker = worker;
    this.#events = events;
    this.#signal = signal;
  }

  /** Does one segment of a job, if one waits. */
  async takeOne(job: Job): Promise<void> {
    if (this.#signal.aborted) return;
    const consumer = await this.#queue.consumer(job.work, CONSUMER);
    const message = await this.#queue.take(consumer, IDLE_MS);
    if (message === null) return;
    const { ack_wait: ackWait = 0, max_deliver: attempts = 1 } = (await consumer.info(true)).config;
    // Nanoseconds; three signs of life before the server gives the segment to another.
    const alive = setInterval(() => this.#say(() => message.working()), ackWait / 3e6);
    try {
      await this.#work(job, message, message.info.deliveryCount >= attempts);
    } finally {
      clearInterval(alive);
    }
  }

  async #work(job: Job, message: JsMsg, isLast: boolean): Promise<void> {
    const id = message.subject.slice(message.subject.lastIndexOf(".") + 1);
    const segment = parseSegment(message.data);
    const outcome = await this.#outcome(job, message.data, id, segment);
    if (this.#signal.aborted) return this.#say(() => message.nak());
    if (!outcome.ok && outcome.fault.code === "retry" && !isLast) {
      this.#events.onTrouble(`${nameOf(segment)}: ${outcome.fault.message}; it will be tried again`);
      return this.#say(() => message.nak(RETRY_MS));
    }
    const final = outcome.ok ? outcome.value : outcomeOf(outcome.fault, this.#worker);
    await this.#queue.publish(job.done, job.doneSubject(id), outcomeBytes(final));
    this.#say(() => message.ack());
    if (isGivenUp(final)) this.#events.onTrouble(`${nameOf(segment)}: ${final.reason}`);
    if (segment.ok) this.#events.onDone(segment.value, final);
  }

  /** A word to the server about a message; where it is lost, the segment is done once more, which is harmless. */
  #say(word: () => void): void {
    if (!this.#queue.isClosed) word();
  }

  async #outcome(
    job: Job,
    descriptor: Uint8Array,
    id: string,
    segment: Result<Segment>,
  ): Promise<Result<Outcome, WorkFault>> {
    if (!segment.ok) return err("final", segment.fault.message);
    if (segmentId(descriptor) !== id) return err("final", "the descriptor is under another's name");
    try {
      const screener = await this.#screenerFor(job, segment.value.indicators);
      if (!screener.ok) return err("retry", screener.fault.message);
      return await screenSegment(segment.value, screener.value, job.blobs, this.#worker, this.#signal);
    } catch (error) {
      // The server's absence is no fault of the segment; all else, a log that breaks the engine too, is.
      if (error instanceof QueueError) throw error;
      return err("retry", (error as Error).message);
    }
  }

  async #screenerFor(job: Job, indicators: string): Promise<Result<Screener<number>>> {
    if (this.#screener?.indicators === indicators) return ok(this.#screener.screener);
    const bytes = await job.blobs.whole(indicators);
    if (!bytes.ok) return bytes;
    const list = readList(bytes.value);
    if (!list.ok) return list;
    const { screener } = list.value;
    this.#screener = { indicators, screener };
    return ok(screener);
  }
}

function nameOf(segment: Result<Segment>): string {
  if (!segment.ok) return "segment";
  const { uri, offset, length } = segment.value;
  return `${uri} from byte ${offset} to ${offset + length}`;
}
