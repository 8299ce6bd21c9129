import { one } from "../../../args.ts";
import { type CommonFlags, command } from "../../../command.ts";

export const sealCommand = command<CommonFlags, [string]>({
  brief: "Seal this party's 256 random bits for the seed, upon the records that were committed",
  examples: ["detente audit seed seal 1a2b3c4d5e6f"],
  flags: {},
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./seal.run.ts"),
});
