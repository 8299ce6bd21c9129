import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasNatsServer, NatsServer } from "../testing/nats-server.ts";
import { LOG, resultOf, Trial } from "../testing/trial.ts";
import { Job, MAX_DELIVER } from "./job.ts";
import { outcomeBytes } from "./outcome.ts";
import { segmentId } from "./segment.ts";

const OUTSIDE = { indicator: 0, line: 9, column: 1, field: "text", time: null, class: "url", match: "x" };
const SUMMARY = { format: "text", lines: 3, bytes: 1, hits: 1, flags: [], from: null, to: null } as const;

describe.skipIf(!hasNatsServer)("a queue that is not to be believed (needs Debian's nats-server)", () => {
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

  it("screens nothing of a file that was changed after it was planned", async () => {
    const grown = await trial.submit();
    appendFileSync(trial.log, "\n203.0.113.7\n");
    await trial.work();
    expect((await resultOf(grown.logs[0])).hits).toEqual([]);
    const reason = "was changed after it was planned — screen what no longer grows, or screen it again";
    expect(grown.logs[0]!.unscreened).toEqual([{ from: 0, to: LOG.length, reason }]);
    await grown.remove();
  });

  it("tries again what cannot be read, then says why it was not screened", async () => {
    const packed = join(trial.dir, "damaged.gz");
    writeFileSync(packed, Uint8Array.of(0x1f, 0x8b, 0));
    const job = await trial.submit({ paths: [packed, trial.log], ackWaitMs: 5000 });
    const { troubles } = await trial.work();
    expect((await resultOf(job.logs[0])).hits).toEqual([]);
    expect(job.logs[0]!.unscreened).toEqual([{ from: 0, to: 3, reason: "is damaged" }]);
    // An attempt that is lost on its way to the worker counts for the server alone.
    const again = troubles.filter((line) => line.endsWith("is damaged; it will be tried again")).length;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(MAX_DELIVER);
    expect((await resultOf(job.logs[1])).hits).toEqual((await trial.plainly()).hits);
    await job.remove();
  });

  it("lets a worker read only where it may", async () => {
    const job = await trial.submit();
    const other = mkdtempSync(join(tmpdir(), "detente-other-"));
    // A link out of the directory leads nowhere.
    symlinkSync(trial.log, join(other, "link.log"));
    const linked = await trial.submit({ paths: [join(other, "link.log")] });
    await trial.work({ within: [other] });
    for (const { logs } of [job, linked]) {
      expect((await resultOf(logs[0])).hits).toEqual([]);
      expect(logs[0]!.unscreened[0]?.reason).toContain("outside of the directories");
    }
    await Promise.all([job.remove(), linked.remove()]);
    rmSync(other, { recursive: true });
  });

  it("refuses descriptors that are none and goes on with the rest", async () => {
    const job = await trial.submit();
    const at = new Job(trial.queue, job.id);
    const bad = Buffer.from('{"uri":"file:///etc/passwd","v":1}');
    const good = (await trial.queue.next(at.work, 1, at.workSubject("*")))!.data;
    await trial.queue.publish(at.work, at.workSubject(segmentId(bad)), bad);
    await trial.queue.publish(at.work, at.workSubject("0".repeat(64)), good);
    const { troubles } = await trial.work();
    expect(await resultOf(job.logs[0])).toEqual(await trial.plainly());
    await expect.poll(() => troubles).toContainEqual(expect.stringContaining("is not of its form") as string);
    await expect.poll(() => troubles).toContainEqual(expect.stringContaining("under another's name") as string);
    await job.remove();
  });

  it("takes no result that is none, nor hits that are not what was reported", async () => {
    const job = await trial.submit({ segmentLength: LOG.length });
    const at = new Job(trial.queue, job.id);
    const segment = (await trial.queue.next(at.work, 1, at.workSubject("*")))!.subject.split(".").at(-1)!;
    const hits = async (...lines: string[]): Promise<string> =>
      unwrap(await at.blobs.put(lines.map((line) => Buffer.from(line))));
    const reports = ["a".repeat(64), "b".repeat(64), await hits(), await hits(`${JSON.stringify(OUTSIDE)}\n`)];
    const altered = `detente.${job.id}.part.${"b".repeat(64)}`;
    await trial.queue.publish(at.done, altered, Buffer.from("something else"));
    const outcomes = [
      Buffer.from("{}"),
      ...reports.map((named) => outcomeBytes({ worker: "w", summary: SUMMARY, hits: named })),
    ];
    const reasons: string[] = [];
    for (const outcome of outcomes) {
      await trial.queue.publish(at.done, at.doneSubject(segment), outcome);
      const again = await trial.submit({ segmentLength: LOG.length });
      expect((await resultOf(again.logs[0])).hits).toEqual([]);
      reasons.push(again.logs[0]!.unscreened[0]!.reason);
    }
    expect(reasons).toEqual([
      expect.stringContaining("a report that is none came"),
      expect.stringContaining("is not in the queue"),
      expect.stringContaining("has other content"),
      "some of its hits are lost",
      expect.stringContaining("outside of its segment"),
    ]);
    await job.remove();
  });
});
