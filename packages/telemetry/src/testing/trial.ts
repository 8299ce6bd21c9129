import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import {
  buildIndicatorIndex,
  createScreener,
  type Hit,
  type IndexedItem,
  type Screening,
  type ScreeningSummary,
} from "@detente/screen";
import type { JsMsg } from "@nats-io/jetstream";
import { connectQueue, type QueueSettings } from "../queue/connect.ts";
import { CONSUMER, Job } from "../queue/job.ts";
import { type Outcome, outcomeBytes } from "../queue/outcome.ts";
import type { Queue } from "../queue/queue.ts";
import { parseSegment, type Segment, segmentBytes, segmentId } from "../queue/segment.ts";
import { type JobRequest, type SubmittedJob, submitJob } from "../queue/submit.ts";
import { screenSegment, type Worker } from "../queue/work.ts";
import { runWorker } from "../queue/worker.ts";
import type { NatsServer } from "./nats-server.ts";

const ITEMS: readonly IndexedItem<string>[] = [
  { kind: "domain", value: "evil.example.net", ref: "one" },
  { kind: "ipv4", value: "203.0.113.7", ref: "two" },
  { kind: "domain", value: "evil.example.net", ref: "again" },
];
const SCREENER = createScreener(buildIndicatorIndex(ITEMS.map((item, ref) => ({ ...item, ref }))));

/** What the log of every trial holds. */
export const LOG: string = Array.from({ length: 3000 }, (_, i) => {
  const time = new Date(Date.UTC(2026, 10, 23, 10, 0, i)).toISOString();
  return `${time} relay[${i}]: from 203.0.113.${i % 40} to host${i % 9}.${i % 23 === 0 ? "evil" : "good"}.example.net`;
}).join("\n");

const SEGMENT = 32 * 1024;
/** Segments of the log, unless it is cut otherwise. */
export const PARTS: number = Math.ceil(LOG.length / SEGMENT);

const WORKER: Worker = {
  name: "one",
  // oxlint-disable-next-line eslint/require-yield -- of a damaged file nothing comes
  unpack: async function* () {
    throw new Error("is damaged");
  },
  within: undefined,
};

export interface Result {
  readonly hits: readonly Hit<string>[];
  readonly summary: ScreeningSummary<string>;
}

/** A segment in the hands of a test. */
export interface Taken {
  readonly own: Queue;
  readonly job: Job;
  readonly message: JsMsg;
  readonly segment: Segment;
}

/** A worker in this process. */
export interface RunningWorker {
  /** What it says to people. */
  readonly troubles: readonly string[];
  stop(): Promise<void>;
}

/** One log, one queue, and workers for as long as a test takes. */
export class Trial {
  readonly dir: string = mkdtempSync(join(tmpdir(), "detente-queue-"));
  readonly log: string = join(this.dir, "relay.log");
  readonly queue: Queue;
  readonly #settings: QueueSettings;
  readonly #workers: RunningWorker[] = [];

  private constructor(queue: Queue, settings: QueueSettings) {
    this.queue = queue;
    this.#settings = settings;
    writeFileSync(this.log, LOG);
  }

  static async start(server: NatsServer): Promise<Trial> {
    const settings = { servers: [server.url], login: undefined, tls: {} };
    return new Trial(await connectQueue(settings), settings);
  }

  async end(): Promise<void> {
    for (const worker of this.#workers) await worker.stop();
    await this.queue.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async work(worker: Partial<Worker> = {}): Promise<RunningWorker> {
    const own = await connectQueue(this.#settings);
    const stop = new AbortController();
    const troubles: string[] = [];
    const events = { onDone: () => undefined, onTrouble: (message: string) => void troubles.push(message) };
    const ended = runWorker(own, { ...WORKER, ...worker }, events, stop.signal).then(() => own.close());
    const running = {
      troubles,
      stop: async () => {
        stop.abort();
        await ended;
      },
    };
    this.#workers.push(running);
    return running;
  }

  /** Puts the log into the queue; a worker that died keeps its segment for some seconds. */
  async submit(change: Partial<JobRequest<string>> = {}): Promise<SubmittedJob<string>> {
    const request = { paths: [this.log], items: ITEMS, format: undefined, segmentLength: SEGMENT, ackWaitMs: 2500 };
    return unwrap(await submitJob(this.queue, { ...request, onState: () => undefined, ...change }));
  }

  /** The result without a queue. */
  async plainly(): Promise<Result> {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(LOG);
    }
    return resultOf(createScreener(buildIndicatorIndex(ITEMS)).screen(source(), { name: this.log }));
  }

  /** Takes segments of a job until it is told to stop; what it does not acknowledge is as if its worker had died. */
  async takeSome({ id }: SubmittedJob<string>, act: (taken: Taken) => Promise<"stop" | "on">): Promise<void> {
    const own = await connectQueue(this.#settings);
    const job = new Job(own, id);
    for (let isOn = true; isOn;) {
      const message = await own.take(await own.consumer(job.work, CONSUMER), 1000);
      if (message === null) continue;
      isOn = (await act({ own, job, message, segment: unwrap(parseSegment(message.data)) })) === "on";
    }
    await own.close();
  }
}

export async function screen({ job, segment }: Taken): Promise<Outcome> {
  return unwrap(await screenSegment(segment, SCREENER, job.blobs, WORKER, new AbortController().signal));
}

export async function report({ own, job, segment }: Taken, outcome: Outcome): Promise<void> {
  await own.publish(job.done, job.doneSubject(segmentId(segmentBytes(segment))), outcomeBytes(outcome));
}

export async function resultOf(screening: Screening<string> | undefined): Promise<Result> {
  if (screening === undefined) throw new Error("no such log");
  const hits: Hit<string>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}
