import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const acceptCommand = command<CommonFlags, [string]>({
  brief: "Accept a charter document in this party's name",
  about:
    "A founding charter is accepted by a running station at once, else when it is next started. An amendment must have " +
    "been proposed (`detente charter propose`) and the station must run. What is accepted is the exact digest shown.",
  examples: ["detente charter accept charter.json"],
  flags: {},
  args: one(String, "FILE", "the charter document"),
  load: () => import("./accept.run.ts"),
});
