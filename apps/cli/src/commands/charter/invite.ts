import { one, required } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const inviteCommand = command<CommonFlags & { readonly output: string }, [string]>({
  brief: "Write the invitation for the parties that a proposed charter would take in",
  about:
    "The charter must have been proposed and observed. The file is no secret; its receiver compares the fingerprints in " +
    "it with the members, and joins with `detente charter join`.",
  examples: ["detente charter invite next.json -o invitation.json"],
  flags: { output: required(String, "file", "where the invitation goes") },
  aliases: { o: "output" },
  args: one(String, "FILE", "the proposed charter document"),
  load: () => import("./invite.run.ts"),
});
