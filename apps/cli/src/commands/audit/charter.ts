import { one, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly dryRun: boolean };

export const charterCommand = command<Flags, [string]>({
  brief: "Open an audit: say by its charter all that must be settled before anything is known",
  about:
    "The charter is JSON as docs/formats.md has it (open/contest): contests with their bounds and rounds, the risk limit and " +
    "the test, the holder, the auditors, the two boards, dice and beacon. Every party that it names accepts it with " +
    "`detente say accept HASH`; nothing goes on before.",
  examples: ["detente audit charter contest.json", "detente audit charter contest.json --dry-run"],
  flags: { dryRun: yes("only check it") },
  args: one(String, "FILE", "the charter"),
  load: () => import("./charter.run.ts"),
});
