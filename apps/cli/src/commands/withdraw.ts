import { optional, one } from "../args.ts";
import { command } from "../command.ts";

export const withdrawCommand = command<{ readonly reason?: string }, [string]>({
  brief: "Withdraw a share of this party",
  about: "It is screened for no longer. What was said stays on the record, and who received it has seen it.",
  examples: ["detente withdraw 1a2b3c4d5e6f", 'detente withdraw 1a2b3c4d5e6f --reason "our own scanner"'],
  flags: { reason: optional(String, "text", "why") },
  args: one(String, "SHARE", "the share's hash, or its first digits"),
  load: () => import("./withdraw.run.ts"),
});
