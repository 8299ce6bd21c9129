import { resolve } from "node:path";
import type { WatchedSource } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import { saveSources, takenUpText, watchedSources } from "../../watched-sources.ts";
import type { Flags } from "./add.ts";

export async function run(cli: Cli, flags: Flags, name: string, ...paths: string[]): Promise<Answer> {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const shares = flags.shares === undefined ? {} : { shares: await wholeHashes(cli, flags.shares) };
  const source = { name, paths: paths.map((path) => resolve(path)), ...picked(given), ...shares };
  const others = (await watchedSources(cli)).filter((other) => other.name !== name);
  const { takenUp } = await saveSources(cli, [...others, source], name);
  return {
    json: { source, takenUp },
    text: [`${name}: ${amount(paths.length, "path")} watched; ${takenUpText(takenUp)}`],
  };
}

const POLICY = ["format", "release", "minimum", "window", "round", "noisy", "parties"] as const;

/** The flags that are settings as they stand. */
function picked(flags: Readonly<Record<string, unknown>>): Partial<WatchedSource> {
  return Object.fromEntries(POLICY.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])));
}

/** What is to be found in a station's settings cannot be the beginning of a hash. */
async function wholeHashes(cli: Cli, names: readonly string[]): Promise<string[]> {
  if (names.every((name) => /^[0-9a-f]{64}$/.test(name))) return [...names];
  return cli.withStation(async (station) => {
    if (!(await station.isRunning()))
      throw new Trouble("--shares", "only a running station knows shares by their first digits", "give whole hashes");
    return Promise.all(names.map(async (name) => (await station.statement(name)).leafHash));
  });
}
