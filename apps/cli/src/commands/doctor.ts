import { command, type CommonFlags, NO_ARGS } from "../command.ts";

export const doctorCommand = command<CommonFlags, []>({
  brief: "Look for what is wrong with this station, and say what to do about it",
  about: "Exit code 0: nothing is wrong, 1: something is. A note is no fault.",
  examples: ["detente doctor", "detente doctor --json"],
  flags: {},
  args: NO_ARGS,
  load: () => import("./doctor.run.ts"),
});
