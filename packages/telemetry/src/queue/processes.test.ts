import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { present } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasNatsServer, NatsServer } from "../testing/nats-server.ts";
import { connectQueue } from "./connect.ts";
import { CONSUMER } from "./job.ts";
import type { Queue } from "./queue.ts";

/** The built command: run `npm run build` after changes. */
const DETENTE = fileURLToPath(new URL("../../../../apps/cli/bin/detente.js", import.meta.url));
const LINES = 15_000;
const LOG = Array.from(
  { length: LINES },
  (_, i) =>
    `203.0.113.${i % 251} - - [23/Nov/2026:10:00:00 +0000] "GET /${i % 97 === 0 ? "evil.example.net" : i} HTTP/1.1" 200 1\n`,
).join("");

let server: NatsServer;
let queue: Queue;
let dir: string;
const running = new Set<ChildProcess>();

interface Program {
  readonly process: ChildProcess;
  /** What it printed and how it ended, once it has. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

function detente(...args: readonly string[]): Program {
  const process = spawn(globalThis.process.execPath, [DETENTE, ...args], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(process);
  let [out, err] = ["", ""];
  process.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  process.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(process, "close").then(([code]) => {
    running.delete(process);
    return { code: code as number | null, out, err };
  });
  return { process, ended };
}

const screen = (...args: readonly string[]): Program =>
  detente("screen", ...args, "--indicators", "list.txt", "--json");
const QUEUED = ["--segment", "256K", "--patience", "1"] as const;

/** How often a worker was given a part of the log; some time after that it is in the middle of it. */
async function given(): Promise<number> {
  const [work] = await queue.streamsOf("detente.*.work.*");
  return work === undefined ? 0 : (await queue.consumerInfo(work, CONSUMER)).delivered.consumer_seq;
}

describe.skipIf(!hasNatsServer)("workers in processes of their own (needs Debian's nats-server)", () => {
  beforeAll(async () => {
    server = await NatsServer.start();
    queue = await connectQueue({ servers: [server.url], login: undefined, tls: {} });
    dir = mkdtempSync(join(tmpdir(), "detente-processes-"));
    writeFileSync(join(dir, "list.txt"), "evil.example.net\n203.0.113.7\n");
    writeFileSync(join(dir, "access.log"), LOG);
    writeFileSync(join(dir, "packed.gz"), gzipSync(LOG.slice(0, 50_000)));
    writeFileSync(join(dir, "cut.gz"), gzipSync(LOG).subarray(0, 1000));
  });

  afterAll(async () => {
    for (const process of running) process.kill("SIGKILL");
    await queue?.close();
    await server?.remove();
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  it("print what one process prints, though workers and whoever waits are killed in the middle", async () => {
    const logs = ["access.log", "packed.gz"];
    const plain = await screen(...logs).ended;
    expect(plain).toMatchObject({ code: 0 });
    const first = screen(...logs, "--queue", server.url, ...QUEUED);
    for (let kills = 0; kills < 3; kills++) {
      const before = await given();
      const worker = detente("worker", "--queue", server.url);
      await expect.poll(given, { interval: 5 }).toBeGreaterThan(before);
      worker.process.kill("SIGKILL");
      expect(await worker.ended).toMatchObject({ code: null });
    }
    first.process.kill("SIGKILL");
    await first.ended;
    const workers = [1, 2].map(() => detente("worker", "--queue", server.url, "--json"));
    const second = await screen(...logs, "--queue", server.url, ...QUEUED).ended;
    expect(second).toMatchObject({ code: 0, out: plain.out });
    expect(second.err).toMatch(/^queue: \d+ segments, \d workers?, .*\/s$/m);
    expect(await queue.streamsOf("detente.>")).toEqual([]);

    const damaged = await screen("cut.gz", "access.log", "--queue", server.url, ...QUEUED).ended;
    expect(damaged.code).toBe(2);
    const [last = ""] = damaged.out.trimEnd().split("\n").slice(-1);
    expect(JSON.parse(last)).toEqual({
      unscreened: {
        file: "cut.gz",
        from: 0,
        to: 1000,
        reason: expect.stringContaining("is cut or damaged after") as string,
      },
    });
    expect(damaged.err).toContain("detente: --queue: 1 part of the logs was screened by nobody — ");
    const hitsOf = (out: string): string[] =>
      out.split("\n").filter((line) => line.startsWith('{"id"') && line.includes('"file":"access.log"'));
    expect(hitsOf(damaged.out)).toEqual(hitsOf(plain.out));
    expect(hitsOf(plain.out).length).toBeGreaterThan(0);

    for (const { process } of workers) process.kill("SIGTERM");
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    for (const { code, out, err } of ends) {
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`worker ${hostname()} `) as string });
      const lines = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(present(lines.at(-1), "a last line")).toMatchObject({ stopped: true, segments: lines.length - 1 });
    }
  });
});
