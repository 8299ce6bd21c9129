import { one } from "../../../args.ts";
import { type CommonFlags, command } from "../../../command.ts";

export const showMeetingCommand = command<CommonFlags, [string]>({
  brief: "Show which items both lists have, where both officers consented",
  about: "Exit code 0: there are some, 1: none, 2: they were not shown, or are erased here.",
  examples: ["detente match meet show 1a2b3c4d", "detente match meet show 1a2b3c4d --json"],
  flags: {},
  args: one(String, "MEETING", "the meeting's hash, or its first digits"),
  load: () => import("./show.run.ts"),
});
