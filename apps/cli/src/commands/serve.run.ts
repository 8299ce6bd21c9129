import { startStation } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { orTrouble } from "../trouble.ts";

export async function run(cli: Cli, { quiet }: { readonly quiet: boolean }): Promise<Answer> {
  const stopped = cli.context.stopped();
  const station = orTrouble(await startStation({ dir: cli.dir, logger: quiet ? "silent" : "json" }), cli.dir);
  cli.remark(`detente: ${cli.dir} is served at ${station.url}; Ctrl-C stops it`);
  await stopped;
  await station.stop();
  return { json: { url: station.url, stopped: true }, text: [] };
}
