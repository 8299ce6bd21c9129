import { command, type CommonFlags, NO_ARGS } from "../command.ts";

export const rebuildCommand = command<CommonFlags, []>({
  brief: "Build the index anew from the record; the station must be stopped",
  about: "The index holds nothing of its own. The digest must be the one that `detente status` showed before.",
  examples: ["detente rebuild"],
  flags: {},
  args: NO_ARGS,
  load: () => import("./rebuild.run.ts"),
});
