import { startStation } from "@detente/station";
import { yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { orTrouble } from "../trouble.ts";

export const serveCommand = command<{ readonly quiet: boolean }, []>({
  brief: "Run the station until it is told to stop",
  about: "The log, a JSON line for each event, goes to standard output. SIGINT (Ctrl-C) and SIGTERM stop it cleanly.",
  examples: ["detente serve", "detente serve --data ./bravo", "detente serve --quiet"],
  flags: { quiet: yes("no log") },
  args: NO_ARGS,
  async run(cli, { quiet }) {
    const stopped = cli.context.stopped();
    const station = orTrouble(await startStation({ dir: cli.dir, logger: quiet ? "silent" : "json" }), cli.dir);
    cli.remark(`detente: ${cli.dir} is served at ${station.url}; Ctrl-C stops it`);
    await stopped;
    await station.stop();
    return { json: { url: station.url, stopped: true }, text: [] };
  },
});
