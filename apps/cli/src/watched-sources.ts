import type { WatchedSource } from "@detente/station";
import { loadConfig, parseConfig, saveConfig, type StationConfig } from "@detente/station/setup";
import type { Cli } from "./cli.ts";
import { orTrouble } from "./trouble.ts";

/** The sources that station.json names. */
export async function watchedSources(cli: Cli): Promise<readonly WatchedSource[]> {
  return orTrouble(await loadConfig(cli.dir), cli.dir).watch ?? [];
}

/**
 * Writes other sources into station.json, checked as the station checks them. A station that runs takes them up at once.
 * @param place what a fault is about
 */
export async function saveSources(
  cli: Cli,
  sources: readonly WatchedSource[],
  place: string,
): Promise<{ readonly takenUp: "now" | "later" }> {
  const { watch: _before, ...others }: StationConfig = orTrouble(await loadConfig(cli.dir), cli.dir);
  const config = sources.length === 0 ? others : { ...others, watch: [...sources] };
  await saveConfig(cli.dir, orTrouble(parseConfig(config, cli.dir), place));
  return cli.withStation(async (station) => {
    if (!(await station.isRunning())) return { takenUp: "later" };
    await station.post("/api/watch/reload", {});
    return { takenUp: "now" };
  });
}

export function takenUpText(takenUp: "now" | "later"): string {
  return takenUp === "now" ? "the station has taken it up" : "the station takes it up when it is started";
}
