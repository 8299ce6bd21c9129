import { one } from "../../args.ts";
import { type CommonFlags, command } from "../../command.ts";

export const seenResultsCommand = command<CommonFlags, [string]>({
  brief: "Say who got which copy of published results, and whether parties were shown different ones",
  about:
    "Compares the exhibits about THING on the record of all parties: copies from one place whose times overlap must have " +
    "one digest. Exit code 0: all are the same, 1: parties got different copies, 2: trouble.",
  examples: ["detente results seen 1a2b3c4d5e6f"],
  flags: {},
  args: one(String, "THING", "the statement's hash, or its first digits"),
  load: () => import("./seen.run.ts"),
});
