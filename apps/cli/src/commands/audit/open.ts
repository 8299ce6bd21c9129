import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { type CommonFlags, command } from "../../command.ts";

export const openCommand = command<CommonFlags, [string, string]>({
  brief: "Open what was committed of the cards that both boards have read, as their holder",
  about: "Of each card this one contest is shown, with the proof that it was committed, and nothing else.",
  examples: ["detente audit open 1a2b3c4d5e6f mayor"],
  flags: {},
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  load: () => import("./open.run.ts"),
});
