import type { HitClass, LogFormat } from "@detente/screen";
import { HIT_CLASSES, LOG_FORMATS } from "@detente/screen/hit";
import { list, optional, seconds, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = {
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
  load: () => import("./add.run.ts"),
});
