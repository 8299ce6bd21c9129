import type { Hit } from "@detente/screen";
import { setTimeout as delay } from "node:timers/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasNatsServer, NatsServer } from "../testing/nats-server.ts";
import { LOG, PARTS, report, resultOf, screen, Trial } from "../testing/trial.ts";
import { CONSUMER, Job, MAX_DELIVER } from "./job.ts";
import type { Segment } from "./segment.ts";

describe.skipIf(!hasNatsServer)("screening by a queue (needs Debian's nats-server)", () => {
  let server: NatsServer;
  let trial: Trial;

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    trial = await Trial.start(server);
  });
  afterEach(() => trial.end());

  it("gives two workers' results as if there were one screening, and leaves nothing behind", async () => {
    await Promise.all([trial.work({ name: "one" }), trial.work({ name: "two" })]);
    const job = await trial.submit();
    expect(await resultOf(job.logs[0])).toEqual(await trial.plainly());
    expect(job.logs[0]!.unscreened).toEqual([]);
    expect(job.state()).toMatchObject({ settled: PARTS, segments: PARTS, bytes: LOG.length });
    await job.remove();
    expect(await trial.queue.streamsOf("detente.>")).toEqual([]);
  });

  it("counts once what is planned twice, and what was done before", async () => {
    const first = await trial.submit();
    const second = await trial.submit();
    const at = new Job(trial.queue, first.id);
    expect(second.id).toBe(first.id);
    expect((await trial.queue.consumerInfo(at.work, CONSUMER)).num_pending).toBe(PARTS);
    expect(await trial.queue.next(at.work, PARTS + 1, at.workSubject("*"))).toBeNull();
    await trial.work();
    expect(await resultOf(first.logs[0])).toEqual(await trial.plainly());
    // A third is told all of it, and nothing is put into the queue again, though the server forgot what was there.
    await server.kill();
    await server.begin();
    const third = await trial.submit();
    expect(third.state().settled).toBe(PARTS);
    expect(await resultOf(third.logs[0])).toEqual(await trial.plainly());
    expect(await trial.queue.next(at.work, PARTS + 1, at.workSubject("*"))).toBeNull();
    await first.remove();
  });

  it("survives workers that die: before, after hits, and between report and acknowledgement", async () => {
    const job = await trial.submit();
    let deaths = 0;
    await trial.takeSome(job, async (taken) => {
      deaths++;
      if (deaths === 1) return "on";
      const outcome = await screen(taken);
      if (deaths === 2) return "on";
      await report(taken, outcome);
      return "stop";
    });
    await trial.work();
    expect(await resultOf(job.logs[0])).toEqual(await trial.plainly());
    await job.remove();
  });

  it("goes on where it was after the server was killed", async () => {
    await trial.work();
    const job = await trial.submit({ segmentLength: 8 * 1024 });
    const screening = job.logs[0]!;
    const hits: Hit<string>[] = [];
    for await (const hit of screening) {
      hits.push(hit);
      if (hits.length !== 20) continue;
      await server.kill();
      await server.begin();
    }
    expect({ hits, summary: screening.summary() }).toEqual(await trial.plainly());
    await job.remove();
  });

  it("leaves a segment to a worker for as long as it lives, and at once to another when it stops", async () => {
    const packed = join(trial.dir, "slow.gz");
    writeFileSync(packed, Uint8Array.of(0x1f, 0x8b));
    let begun = 0;
    let pause = 300;
    async function* unpack(): AsyncGenerator<Uint8Array> {
      begun++;
      for (let i = 0; i < 20; i++) {
        await delay(pause);
        yield Buffer.from("203.0.113.7\n");
      }
    }
    await Promise.all([trial.work({ unpack }), trial.work({ unpack })]);
    // A silent worker would keep it for less time than it takes, and a busy machine may well hold up a sign of life.
    const lived = await trial.submit({ paths: [packed], ackWaitMs: 5000 });
    expect((await resultOf(lived.logs[0])).hits).toHaveLength(20);
    expect(begun).toBe(1);
    await lived.remove();
    await trial.end();

    pause = 60;
    trial = await Trial.start(server);
    writeFileSync(join(trial.dir, "slow.gz"), Uint8Array.of(0x1f, 0x8b));
    const worker = await trial.work({ unpack });
    // Waiting for its silence would take longer than a test may.
    const stopped = await trial.submit({ paths: [join(trial.dir, "slow.gz")], ackWaitMs: 3_600_000 });
    await expect.poll(() => begun).toBe(2);
    await worker.stop();
    await trial.work({ unpack });
    expect((await resultOf(stopped.logs[0])).hits).toHaveLength(20);
    await stopped.remove();
  });

  it("gives up what kills every worker, says so, and numbers the lines behind it rightly", async () => {
    const job = await trial.submit();
    let poison: Segment | undefined;
    let deaths = 0;
    await trial.takeSome(job, async (taken) => {
      const { message, segment } = taken;
      if (segment.number === 1) {
        poison = segment;
        deaths++;
      } else {
        await report(taken, await screen(taken));
        message.ack();
      }
      return deaths === MAX_DELIVER ? "stop" : "on";
    });
    // The server gives a segment up when somebody asks for more.
    await trial.work();
    const { offset, length } = poison!;
    const isMissing = ({ line }: Hit<string>): boolean => {
      const at = LOG.split("\n", line - 1).join("\n").length;
      return at >= offset - 1 && at < offset + length - 1;
    };
    const { hits } = await trial.plainly();
    expect((await resultOf(job.logs[0])).hits).toEqual(hits.filter((hit) => !isMissing(hit)));
    const reason = expect.stringContaining("no worker finished it") as string;
    expect(job.logs[0]!.unscreened).toEqual([{ from: offset, to: offset + length, reason }]);
    await job.remove();
  });
});
