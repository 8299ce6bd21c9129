import { command, type CommonFlags, NO_ARGS } from "../../command.ts";

export const watchListCommand = command<CommonFlags, []>({
  brief: "Show what telemetry the station is to watch, and under which policy",
  about: "How far it has come, `detente status` shows.",
  examples: ["detente watch list"],
  flags: {},
  args: NO_ARGS,
  load: () => import("./list.run.ts"),
});
