import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const removeCommand = command<CommonFlags, [string]>({
  brief: "Watch a source no longer",
  about:
    "What was counted becomes sightings that wait for an officer. How far its logs were read stays in the data directory " +
    "(watch/NAME), with the journal of hits: a source of the same name goes on from there.",
  examples: ["detente watch remove proxy"],
  flags: {},
  args: one(String, "NAME", "the source's name"),
  load: () => import("./remove.run.ts"),
});
