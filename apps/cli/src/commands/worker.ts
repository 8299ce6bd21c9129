import { list, required } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { queueServers } from "../screen/queue-flags.ts";

export type Flags = { readonly queue: readonly string[]; readonly within?: readonly string[] };

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
  load: () => import("./worker.run.ts"),
});
