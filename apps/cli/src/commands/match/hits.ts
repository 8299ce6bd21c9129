import type { HitClass } from "@detente/screen";
import { HIT_CLASSES, loadConfig, parseConfig, saveConfig, type StationConfig } from "@detente/station";
import { one, optional, seconds, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";
import { membersOnly } from "../../match/members.ts";
import { orTrouble } from "../../trouble.ts";
import { plain } from "../../ui/text.ts";

type Flags = {
  readonly release: "officer" | "policy";
  readonly minimum?: HitClass;
  readonly round?: number;
  readonly noisy?: number;
};

export const hitsCommand = command<Flags, [string]>({
  brief: "Say who lets out what `detente screen --blind` finds in a partner's set",
  about:
    "Hits of shares that this party can read become sightings: they wait for an officer (`detente watch pending`) or, with " +
    "--release policy, are said as soon as they are counted, and the partner and the other readers of the share learn of them. " +
    "Nobody learns anything of the others. What stands here replaces what was set for PARTNER before, from the next run on.",
  examples: [
    "detente match hits bravo --release policy --minimum exact-field --round 1h",
    "detente match hits bravo --release officer",
  ],
  flags: {
    release: { kind: "enum", values: ["officer", "policy"], brief: "who lets sightings out" },
    minimum: {
      kind: "enum",
      values: [...HIT_CLASSES],
      brief: "the weakest hits that the policy lets out; weaker ones wait for an officer (default: subdomain)",
      optional: true,
    },
    round: optional(seconds, "time", "round the times that are said outwards to this (default: 15m)"),
    noisy: optional(wholeNumber, "n", "leave more hits than this in a log to an officer (default: 10000)"),
  },
  args: one(String, "PARTNER", "whose set was asked"),
  async run(cli, { release, minimum, round, noisy }, partner) {
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
  },
});
