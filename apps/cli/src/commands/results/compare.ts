import { several } from "../../args.ts";
import { type CommonFlags, command } from "../../command.ts";

export const compareResultsCommand = command<CommonFlags, string[]>({
  brief: "Compare copies of one snapshot of results, as different people were shown it",
  about:
    "Each FILE is compared with the first, figure by figure, whatever formats they are in. Exit code 0: all figures are the " +
    "same, 1: some differ, 2: trouble.",
  examples: ["detente results compare ours.xml theirs.xml"],
  flags: {},
  args: several("FILE", "copies of one snapshot", 2),
  load: () => import("./compare.run.ts"),
});
