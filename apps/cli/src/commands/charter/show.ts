import { command, type CommonFlags, NO_ARGS } from "../../command.ts";

export const showCommand = command<CommonFlags, []>({
  brief: "Show the charter, who has accepted it, and what is proposed to follow it",
  examples: ["detente charter show", "detente charter show --json"],
  flags: {},
  args: NO_ARGS,
  load: () => import("./show.run.ts"),
});
