import { loadConfig, parseConfig, saveConfig, type StationConfig } from "@detente/station/setup";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { membersOnly } from "../../match/members.ts";
import { orTrouble } from "../../trouble.ts";
import { plain } from "../../ui/text.ts";
import type { Flags } from "./hits.ts";

export async function run(cli: Cli, { release, minimum, round, noisy }: Flags, partner: string): Promise<Answer> {
  const given = Object.entries({ release, minimum, round, noisy }).filter(([, value]) => value !== undefined);
  const policy: NonNullable<StationConfig["blindHits"]>[string] = Object.fromEntries(given);
  const config: StationConfig = orTrouble(await loadConfig(cli.dir), cli.dir);
  const changed = { ...config, blindHits: { ...config.blindHits, [partner]: policy } };
  const checked = orTrouble(parseConfig(changed, cli.dir), "PARTNER");
  await cli.withStation(async (station) => {
    if (await station.isRunning()) await membersOnly(station, [partner], "PARTNER");
    await saveConfig(cli.dir, checked);
  });
  const who = release === "policy" ? "this policy lets out" : "an officer lets out";
  return { json: { partner, policy }, text: [`${plain(partner)}: ${who} what blind look-ups find in its set`] };
}
