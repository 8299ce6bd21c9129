import { one } from "../../args.ts";
import { type CommonFlags, command } from "../../command.ts";

export const nextCommand = command<CommonFlags, [string]>({
  brief: "Say what this party has to do next in an audit, or whom it waits for",
  examples: ["detente audit next 1a2b3c4d5e6f"],
  flags: {},
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./next.run.ts"),
});
