import { resolve } from "node:path";
import type { HitClass, LogFormat } from "@detente/screen";
import { LOG_FORMATS } from "@detente/screen";
import { HIT_CLASSES, type WatchedSource } from "@detente/station";
import { list, optional, seconds, wholeNumber } from "../../args.ts";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import { saveSources, takenUpText, watchedSources } from "../../watched-sources.ts";

type Flags = {
  readonly format?: LogFormat;
  readonly release?: "officer" | "policy";
  readonly minimum?: HitClass;
  readonly window?: number;
  readonly round?: number;
  readonly noisy?: number;
  readonly parties?: readonly string[];
  readonly shares?: readonly string[];
};

export const addCommand = command<Flags, [string, ...string[]]>({
  brief: "Let the station watch telemetry of this party",
  about:
    "NAME names the telemetry in what is said to others. PATH is a log, a directory of logs, or a pattern in quotes. What is " +
    "found is counted by indicator and window; of that a sighting is made (how often, first, last, the window), which waits " +
    "for an officer (`detente watch pending`) or, with --release policy, is said when the window ends. Lines, file names and " +
    "matched text stay here. A NAME that is there already is replaced.",
  examples: [
    "detente watch add proxy /var/log/squid/access.log",
    "detente watch add dns '/var/log/named/*.log' --release policy --window 1h --round 15m",
    "detente watch add zeek /opt/zeek/logs/current --parties bravo,charlie --noisy 1000",
  ],
  flags: {
    format: {
      kind: "enum",
      values: LOG_FORMATS,
      brief: "the logs' format (default: told by their first lines)",
      optional: true,
    },
    release: {
      kind: "enum",
      values: ["officer", "policy"],
      brief: "who lets sightings out (default: officer)",
      optional: true,
    },
    minimum: {
      kind: "enum",
      values: [...HIT_CLASSES],
      brief: "the weakest hits that the policy lets out; weaker ones wait for an officer (default: subdomain)",
      optional: true,
    },
    window: optional(seconds, "time", "count so long together (default: 1h)"),
    round: optional(seconds, "time", "round the times that are said outwards to this (default: 15m)"),
    noisy: optional(wholeNumber, "n", "leave more hits than this in a window to an officer (default: 10000)"),
    parties: list("party", "only these parties' indicators (default: all others')"),
    shares: list("share", "only these shares' indicators"),
  },
  args: {
    kind: "array",
    parameter: {
      parse: String,
      placeholder: "NAME PATH",
      brief: "the source's name, then logs, directories, patterns",
    },
    minimum: 2,
  },
  async run(cli, flags, name, ...paths) {
    const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
    const shares = flags.shares === undefined ? {} : { shares: await wholeHashes(cli, flags.shares) };
    const source = { name, paths: paths.map((path) => resolve(path)), ...picked(given), ...shares };
    const others = (await watchedSources(cli)).filter((other) => other.name !== name);
    const { takenUp } = await saveSources(cli, [...others, source], name);
    return {
      json: { source, takenUp },
      text: [`${name}: ${amount(paths.length, "path")} watched; ${takenUpText(takenUp)}`],
    };
  },
});

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
