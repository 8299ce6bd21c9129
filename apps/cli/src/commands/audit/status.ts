import { type CommonFlags, command } from "../../command.ts";
import { several } from "../../args.ts";

export const statusOfAuditCommand = command<CommonFlags, string[]>({
  brief: "Say how far audits have come: terms, seed, rounds, risks, faults, and who owes what",
  examples: ["detente audit status", "detente audit status 1a2b3c4d5e6f --json"],
  flags: {},
  args: several("AUDIT", "an audit's hash, or its first digits; without it all are listed", 0),
  load: () => import("./status.run.ts"),
});
