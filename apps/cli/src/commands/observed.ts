import { several } from "../args.ts";
import { command, type CommonFlags } from "../command.ts";

export const observedCommand = command<CommonFlags, string[]>({
  brief: "Match observed data against the STIX patterns that were shared",
  about:
    "Reads STIX 2.1 bundles with observed-data and the observables that these refer to, and evaluates the pattern of every " +
    "indicator in effect: all of the pattern language, which screening does not do. What is over (valid_until) is left " +
    "out. The observed data stays here. Exit code 1: nothing matches.",
  examples: ["detente observed sandbox-report.json", "detente observed observed/*.json --json"],
  flags: {},
  args: several("FILE", "STIX bundles with observed data"),
  load: () => import("./observed.run.ts"),
});
