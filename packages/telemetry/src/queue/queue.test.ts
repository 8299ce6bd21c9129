import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import type { JsMsg } from "@nats-io/jetstream";
import {
  buildIndicatorIndex,
  createScreener,
  type Hit,
  type IndexedItem,
  type ScreeningSummary,
} from "@detente/screen";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasNatsServer, NatsServer } from "../testing/nats-server.ts";
import { connectQueue, type QueueSettings } from "./connect.ts";
import { CONSUMER, Job, MAX_DELIVER } from "./job.ts";
import { type Outcome, outcomeBytes } from "./outcome.ts";
import type { Queue } from "./queue.ts";
import { parseSegment, type Segment, segmentBytes, segmentId } from "./segment.ts";
import { type SubmittedJob, submitJob } from "./submit.ts";
import { screenSegment, type Worker } from "./work.ts";
import { runWorker } from "./worker.ts";

const ITEMS: readonly IndexedItem<string>[] = [
  { kind: "domain", value: "evil.example.net", ref: "one" },
  { kind: "ipv4", value: "203.0.113.7", ref: "two" },
  { kind: "domain", value: "evil.example.net", ref: "again" },
];
const LOG = Array.from({ length: 3000 }, (_, i) => {
  const time = new Date(Date.UTC(2026, 10, 23, 10, 0, i)).toISOString();
  return `${time} relay[${i}]: from 203.0.113.${i % 40} to host${i % 9}.${i % 23 === 0 ? "evil" : "good"}.example.net`;
}).join("\n");
const SEGMENT = 32 * 1024;
const PARTS = Math.ceil(LOG.length / SEGMENT);

/** So long a worker that died keeps its segment. */
const ACK_WAIT_MS = 700;

let server: NatsServer;
let settings: QueueSettings;
let dir: string;
let log: string;
let queue: Queue;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (hasNatsServer) server = await NatsServer.start();
});
afterAll(() => server?.remove());

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "detente-queue-"));
  log = join(dir, "relay.log");
  writeFileSync(log, LOG);
  if (!hasNatsServer) return;
  settings = { servers: [server.url], login: undefined, tls: {} };
  queue = await connectQueue(settings);
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await queue?.close();
  rmSync(dir, { recursive: true, force: true });
});

const WORKER: Worker = {
  name: "one",
  // eslint-disable-next-line require-yield -- of no file anything comes
  unpack: async function* () {
    throw new Error("is damaged");
  },
  within: undefined,
};

/** A worker in this process. */
async function work(worker: Partial<Worker> = {}): Promise<string[]> {
  const own = await connectQueue(settings);
  const stop = new AbortController();
  const troubles: string[] = [];
  const events = { onDone: () => undefined, onTrouble: (message: string) => void troubles.push(message) };
  const running = runWorker(own, { ...WORKER, ...worker }, events, stop.signal);
  stops.push(async () => {
    stop.abort();
    await running;
    await own.close();
  });
  return troubles;
}

async function submit(paths: readonly string[] = [log], segmentLength = SEGMENT): Promise<SubmittedJob<string>> {
  const request = { paths, items: ITEMS, format: undefined, segmentLength, ackWaitMs: ACK_WAIT_MS };
  return unwrap(await submitJob(queue, { ...request, onState: () => undefined }));
}

interface Result {
  readonly hits: readonly Hit<string>[];
  readonly summary: ScreeningSummary<string>;
}

async function resultOf(job: SubmittedJob<string>, place = 0): Promise<Result> {
  const screening = job.logs[place]!;
  const hits: Hit<string>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

/** The result without a queue. */
async function plainly(): Promise<Result> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(LOG);
  }
  const screening = createScreener(buildIndicatorIndex(ITEMS)).screen(source(), { name: log });
  const hits: Hit<string>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

interface Taken {
  readonly own: Queue;
  readonly job: Job;
  readonly message: JsMsg;
  readonly segment: Segment;
}

/** Takes segments of a job until it is told to stop; what it does not acknowledge is as if its worker had died. */
async function takeSome({ id }: SubmittedJob<string>, act: (taken: Taken) => Promise<"stop" | "on">): Promise<void> {
  const own = await connectQueue(settings);
  const job = new Job(own, id);
  for (let isOn = true; isOn;) {
    const message = await own.take(await own.consumer(job.work, CONSUMER), 1000);
    if (message === null) continue;
    isOn = (await act({ own, job, message, segment: unwrap(parseSegment(message.data)) })) === "on";
  }
  await own.close();
}

const SCREENER = createScreener(buildIndicatorIndex(ITEMS.map((item, ref) => ({ ...item, ref }))));

async function screen({ job, segment }: Taken): Promise<Outcome> {
  return unwrap(await screenSegment(segment, SCREENER, job.blobs, WORKER, new AbortController().signal));
}

async function report({ own, job, segment }: Taken, outcome: Uint8Array): Promise<void> {
  await own.publish(job.done, job.doneSubject(segmentId(segmentBytes(segment))), outcome);
}

describe.skipIf(!hasNatsServer)("screening by a queue (needs Debian's nats-server)", () => {
  it("gives two workers' results as if there were one screening, and leaves nothing behind", async () => {
    await Promise.all([work({ name: "one" }), work({ name: "two" })]);
    const job = await submit();
    expect(await resultOf(job)).toEqual(await plainly());
    expect(job.logs[0]!.unscreened).toEqual([]);
    expect(job.state()).toMatchObject({ settled: PARTS, segments: PARTS, bytes: LOG.length });
    await job.remove();
    expect(await queue.streamsOf("detente.>")).toEqual([]);
  });

  it("counts once what is planned twice, and what was done before", async () => {
    const first = await submit();
    const second = await submit();
    expect(second.id).toBe(first.id);
    const waiting = await queue.consumerInfo(new Job(queue, first.id).work, CONSUMER);
    expect(waiting.num_pending).toBe(PARTS);
    await work();
    expect(await resultOf(first)).toEqual(await plainly());
    // A third is told all of it, and no worker does anything again.
    const third = await submit();
    expect(third.state().settled).toBe(PARTS);
    expect(await resultOf(third)).toEqual(await plainly());
    await first.remove();
  });

  it("survives workers that die: before, after hits, and between report and acknowledgement", async () => {
    const job = await submit();
    let deaths = 0;
    await takeSome(job, async (taken) => {
      deaths++;
      if (deaths === 1) return "on";
      const outcome = await screen(taken);
      if (deaths === 2) return "on";
      await report(taken, outcomeBytes(outcome));
      return "stop";
    });
    await work();
    expect(await resultOf(job)).toEqual(await plainly());
    await job.remove();
  });

  it("goes on where it was after the server was killed", async () => {
    await work();
    const job = await submit([log], 8 * 1024);
    const screening = job.logs[0]!;
    const hits: Hit<string>[] = [];
    for await (const hit of screening) {
      hits.push(hit);
      if (hits.length !== 20) continue;
      await server.kill();
      await server.begin();
    }
    expect({ hits, summary: screening.summary() }).toEqual(await plainly());
    await job.remove();
  });

  it("gives up what kills every worker, says so, and numbers the lines behind it rightly", async () => {
    const job = await submit();
    let poison: Segment | undefined;
    let deaths = 0;
    await takeSome(job, async (taken) => {
      const { message, segment } = taken;
      if (segment.number === 1) {
        poison = segment;
        deaths++;
      } else {
        await report(taken, outcomeBytes(await screen(taken)));
        message.ack();
      }
      return deaths === MAX_DELIVER ? "stop" : "on";
    });
    // The server gives a segment up when somebody asks for more.
    await work();
    const { offset, length } = poison!;
    const isMissing = ({ line }: Hit<string>): boolean => {
      const at = LOG.split("\n", line - 1).join("\n").length;
      return at >= offset - 1 && at < offset + length - 1;
    };
    const { hits } = await plainly();
    expect((await resultOf(job)).hits).toEqual(hits.filter((hit) => !isMissing(hit)));
    const reason = expect.stringContaining("no worker finished it") as string;
    expect(job.logs[0]!.unscreened).toEqual([{ from: offset, to: offset + length, reason }]);
    await job.remove();
  });

  it("screens nothing of a file that was changed after it was planned", async () => {
    const grown = await submit();
    appendFileSync(log, "\n203.0.113.7\n");
    await work();
    expect((await resultOf(grown)).hits).toEqual([]);
    const reason = "was changed after it was planned — screen what no longer grows, or screen it again";
    expect(grown.logs[0]!.unscreened).toEqual([{ from: 0, to: LOG.length, reason }]);
    await grown.remove();
  });

  it("tries again what cannot be read, then says why it was not screened", async () => {
    const packed = join(dir, "damaged.gz");
    writeFileSync(packed, Uint8Array.of(0x1f, 0x8b, 0));
    const job = await submit([packed, log]);
    const troubles = await work();
    expect((await resultOf(job, 0)).hits).toEqual([]);
    expect(job.logs[0]!.unscreened).toEqual([{ from: 0, to: 3, reason: "is damaged" }]);
    expect(troubles.filter((line) => line.endsWith("is damaged; it will be tried again"))).toHaveLength(
      MAX_DELIVER - 1,
    );
    expect((await resultOf(job, 1)).hits).toEqual((await plainly()).hits);
    await job.remove();
  });

  it("lets a worker read only where it may", async () => {
    const job = await submit();
    const other = mkdtempSync(join(tmpdir(), "detente-other-"));
    // A link out of the directory leads nowhere.
    symlinkSync(log, join(other, "link.log"));
    const linked = await submit([join(other, "link.log")]);
    await work({ within: [other] });
    for (const { logs } of [job, linked]) {
      expect((await resultOf({ ...job, logs })).hits).toEqual([]);
      expect(logs[0]!.unscreened[0]?.reason).toContain("outside of the directories");
    }
    await Promise.all([job.remove(), linked.remove()]);
    rmSync(other, { recursive: true });
  });

  it("refuses descriptors that are none and goes on with the rest", async () => {
    const job = await submit();
    const at = new Job(queue, job.id);
    const bad = Buffer.from('{"uri":"file:///etc/passwd","v":1}');
    const good = (await queue.next(at.work, 1, at.workSubject("*")))!.data;
    await queue.publish(at.work, at.workSubject(segmentId(bad)), bad);
    await queue.publish(at.work, at.workSubject("0".repeat(64)), good);
    const troubles = await work();
    expect(await resultOf(job)).toEqual(await plainly());
    await expect.poll(() => troubles).toContainEqual(expect.stringContaining("is not of its form") as string);
    await expect.poll(() => troubles).toContainEqual(expect.stringContaining("under another's name") as string);
    await job.remove();
  });

  it("takes no result that is none, nor hits that are not what was reported", async () => {
    const job = await submit([log], LOG.length);
    const at = new Job(queue, job.id);
    const segment = (await queue.next(at.work, 1, at.workSubject("*")))!.subject.split(".").at(-1)!;
    const hits = async (...lines: string[]): Promise<string> =>
      unwrap(await at.blobs.put(lines.map((line) => Buffer.from(line))));
    const reports = ["a".repeat(64), await hits(), await hits('[0,9,1,"text",null,"url","x"]\n')];
    const outcomes = [
      Buffer.from("{}"),
      ...reports.map((named) => outcomeBytes({ worker: "w", summary: SUMMARY, hits: named })),
    ];
    const reasons: string[] = [];
    for (const outcome of outcomes) {
      await queue.publish(at.done, at.doneSubject(segment), outcome);
      const again = await submit([log], LOG.length);
      expect((await resultOf(again)).hits).toEqual([]);
      reasons.push(again.logs[0]!.unscreened[0]!.reason);
    }
    expect(reasons).toEqual([
      expect.stringContaining("a report that is none came"),
      expect.stringContaining("its hits are lost"),
      "some of its hits are lost",
      expect.stringContaining("outside of its segment"),
    ]);
    await job.remove();
  });
});

const SUMMARY = { format: "text", lines: 3, bytes: 1, hits: 1, flags: [], from: null, to: null } as const;
