import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const joinCommand = command<CommonFlags, [string]>({
  brief: "Accept an invitation: become a party of a unit that is there already",
  about:
    "The station must run. Its acceptance goes on its own log at once; the record comes to it when every member has " +
    "accepted too. Compare the fingerprints with the members first.",
  examples: ["detente charter join invitation.json"],
  flags: {},
  args: one(String, "FILE", "the invitation, as `detente charter invite` wrote it"),
  load: () => import("./join.run.ts"),
});
