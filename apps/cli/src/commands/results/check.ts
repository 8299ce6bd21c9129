import { several } from "../../args.ts";
import { type CommonFlags, command } from "../../command.ts";

export const checkResultsCommand = command<CommonFlags, string[]>({
  brief: "Check published results: sums, votes against ballots, what went back or is gone",
  about:
    "FILE is a snapshot of results: CSV with a row for each precinct and choice, Clarity's detail.xml, or NIST SP 1500-100. Each is checked by " +
    "itself; then each against the one before, in the order given, as counts only grow. Exit code 0: nothing found, 1: " +
    "findings, 2: trouble.",
  examples: ["detente results check detail.xml", "detente results check 20h.csv 21h.csv 22h.csv --json"],
  flags: {},
  args: several("FILE", "snapshots, the oldest first"),
  load: () => import("./check.run.ts"),
});
