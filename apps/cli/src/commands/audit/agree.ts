import { required } from "../../args.ts";
import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { command } from "../../command.ts";

export type Flags = { readonly read: string };

export const agreeCommand = command<Flags, [string, string]>({
  brief: "Sign one reading of cards on which the boards differed, after looking at the paper together",
  about:
    "It counts where both boards sign the same; until then the card counts as the worst. The file is as for `detente audit enter`.",
  examples: ["detente audit agree 1a2b3c4d5e6f mayor --read agreed.csv"],
  flags: { read: required(String, "file", "the reading of the cards that were in dispute, as CSV") },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  load: () => import("./agree.run.ts"),
});
