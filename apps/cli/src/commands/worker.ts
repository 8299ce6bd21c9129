import { hostname } from "node:os";
import { unwrap } from "@detente/basics";
import { isGivenUp, openInput, runWorker } from "@detente/telemetry";
import { list, required } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { withQueue } from "../screen/queue.ts";
import { queueServers, queueSettings } from "../screen/queue-settings.ts";
import { plain } from "../ui/text.ts";

type Flags = { readonly queue: readonly string[]; readonly within?: readonly string[] };

export const workerCommand = command<Flags, []>({
  brief: "Screen parts of logs for whoever puts them into a queue",
  about:
    "Runs until SIGINT or SIGTERM, and takes work for one core at a time: start one for each. Files are read under the paths " +
    "that `detente screen --queue` was given, so all machines need the same file system. The queue is the party's own NATS " +
    "server with JetStream; whoever can write to it decides what is read here, unless --within says where logs are. " +
    "Logins come from the environment, see docs/cli.md. --json prints a line for each part.",
  examples: [
    "detente worker --queue nats://127.0.0.1:4222",
    "DETENTE_NATS_CREDS=worker.creds detente worker --queue tls://nats.alpha.example:4222 --within /srv/logs",
  ],
  flags: {
    queue: required(queueServers, "url", "the NATS server, or several of one cluster separated by commas"),
    within: list("dir", "read only files in these directories, separated by commas"),
  },
  args: NO_ARGS,
  async run(cli, flags) {
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
  },
});

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
