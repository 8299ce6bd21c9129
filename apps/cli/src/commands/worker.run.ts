import { hostname } from "node:os";
import { unwrap } from "@detente/basics";
import { openInput } from "@detente/telemetry/input";
import { isGivenUp, runWorker } from "@detente/telemetry/queue";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { queueSettings } from "../screen/queue-settings.ts";
import { withQueue } from "../screen/queue.ts";
import { plain } from "../ui/text.ts";
import type { Flags } from "./worker.ts";

export async function run(cli: Cli, flags: Flags): Promise<Answer> {
  const stop = new AbortController();
  const stopped = cli.context.stopped().then(() => stop.abort());
  const done = { segments: 0, bytes: 0, hits: 0 };
  await withQueue(await queueSettings(cli, flags.queue), async (queue) => {
    cli.remark(`worker ${hostname()} ${process.pid}: waiting for work at ${flags.queue.join(", ")}`);
    const worker = { name: `${hostname().slice(0, 100)} ${process.pid}`, unpack, within: flags.within };
    const events = {
      onDone({ uri, offset, length }, outcome) {
        const hits = isGivenUp(outcome) ? null : outcome.summary.hits;
        done.segments++;
        done.bytes += length;
        done.hits += hits ?? 0;
        if (cli.isJson) cli.printJson({ uri, offset, length, hits });
        else cli.print(`${plain(uri, 500)} from byte ${offset} to ${offset + length}: ${hits ?? "not screened"}`);
      },
      onTrouble: (message) => cli.remark(`detente: ${plain(message, 1000)}`),
    } satisfies Parameters<typeof runWorker>[2];
    await runWorker(queue, worker, events, stop.signal);
  });
  await stopped;
  return { json: { stopped: true, ...done }, text: ["Stopped."] };
}

async function* unpack(path: string): AsyncGenerator<Uint8Array, undefined> {
  const input = unwrap(await openInput(path, noStdin()));
  yield* input.chunks();
  const fault = input.fault();
  if (fault !== undefined) throw new Error(fault.message);
  return undefined;
}

async function* noStdin(): AsyncGenerator<Uint8Array> {
  // Nobody names standard input in a queue.
}
