import { one, required } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly output: string };

export const exportAuditCommand = command<Flags, [string]>({
  brief: "Write an audit into one file that a third person verifies offline",
  about:
    "It is a record file of the unit with the audit's public files in it: `detente audit verify` and `detente verify` read it.",
  examples: ["detente audit export 1a2b3c4d5e6f -o mayor.detente.gz"],
  flags: { output: required(String, "file", "where the file goes") },
  aliases: { o: "output" },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./export.run.ts"),
});
