import type { WatchedSource } from "@detente/station";
import { command, type CommonFlags, NO_ARGS } from "../../command.ts";
import type { Cell } from "../../ui/table.ts";
import { plain, short } from "../../ui/text.ts";
import { watchedSources } from "../../watched-sources.ts";

export const watchListCommand = command<CommonFlags, []>({
  brief: "Show what telemetry the station is to watch, and under which policy",
  about: "How far it has come, `detente status` shows.",
  examples: ["detente watch list"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const sources = await watchedSources(cli);
    const header = ["source", "release", "minimum", "window", "round", "noisy", "indicators of", "paths"];
    return {
      json: { sources },
      text: sources.length === 0 ? ["Nothing is watched"] : cli.table(header, sources.map(cellsOf)),
    };
  },
});

function cellsOf({ name, paths, release, minimum, window, round, noisy, parties, shares }: WatchedSource): Cell[] {
  const usual = "default";
  const of = [...(parties ?? []), ...(shares ?? []).map(short)].join(", ");
  return [
    name,
    release ?? usual,
    minimum ?? usual,
    window === undefined ? usual : `${window} s`,
    round === undefined ? usual : `${round} s`,
    noisy ?? usual,
    of === "" ? "all others" : of,
    plain(paths.join(" "), 200),
  ];
}
