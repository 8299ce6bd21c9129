import { type CommonFlags, command, NO_ARGS } from "../../../command.ts";

export const meetingStatusCommand = command<CommonFlags, []>({
  brief: "Show the meetings on the record, and where each stands",
  examples: ["detente match meet status", "detente match meet status --json"],
  flags: {},
  args: NO_ARGS,
  load: () => import("./status.run.ts"),
});
