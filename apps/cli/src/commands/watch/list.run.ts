import type { WatchedSource } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import type { Cell } from "../../ui/table.ts";
import { plain, short } from "../../ui/text.ts";
import { watchedSources } from "../../watched-sources.ts";

export async function run(cli: Cli): Promise<Answer> {
  const sources = await watchedSources(cli);
  const header = ["source", "release", "minimum", "window", "round", "noisy", "indicators of", "paths"];
  return {
    json: { sources },
    text: sources.length === 0 ? ["Nothing is watched"] : cli.table(header, sources.map(cellsOf)),
  };
}

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
