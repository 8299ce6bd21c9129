import type { Reliability } from "@detente/intel";
import { list, optional, several, time } from "../args.ts";
import { command } from "../command.ts";

const RELIABILITY: readonly Reliability[] = ["A", "B", "C", "D", "E", "F", "G"];

export type Flags = {
  readonly list?: readonly string[];
  readonly assets?: readonly string[];
  readonly at?: number;
  readonly reliability: Reliability;
};

export const gateCommand = command<Flags, string[]>({
  brief: "Say which indicators of files may be enforced, and why the others should not be",
  about:
    "Labels each indicator block, inform or known-benign with reasons: special addresses, placeholders, own assets, lists " +
    "of what is known (MISP's warninglists, taken from files), missing dates and roles, age. A list made after the share " +
    "is told of but does not judge it. Sightings and false positives that MISP events bring from other organisations count. Nothing is left out. Exit code 1 if nothing may be blocked.",
  examples: [
    "detente gate phishing.csv --list lists/google/list.json,lists/public-dns-v4/list.json",
    "detente gate bundle.json --assets our-domains.txt --at 2026-05-10 --json",
  ],
  flags: {
    list: list("FILE", "lists in the format of MISP's warninglists, separated by commas"),
    assets: list("FILE", "files with own and protected names and networks, separated by commas"),
    at: optional(time, "time", "when the indicators were shared (default: now)"),
    reliability: {
      kind: "enum",
      values: RELIABILITY,
      default: "F",
      brief: "of the source: A best, F not known, G deceives",
    },
  },
  args: several("FILE", "files with indicators"),
  load: () => import("./gate.run.ts"),
});
