import { yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";

export const serveCommand = command<{ readonly quiet: boolean }, []>({
  brief: "Run the station until it is told to stop",
  about: "The log, a JSON line for each event, goes to standard output. SIGINT (Ctrl-C) and SIGTERM stop it cleanly.",
  examples: ["detente serve", "detente serve --data ./bravo", "detente serve --quiet"],
  flags: { quiet: yes("no log") },
  args: NO_ARGS,
  load: () => import("./serve.run.ts"),
});
