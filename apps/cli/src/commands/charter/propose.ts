import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const proposeCommand = command<CommonFlags, [string]>({
  brief: "Propose a charter that is to follow the one in force",
  about: "Proposing is not accepting: this party too has to accept it.",
  examples: ["detente charter propose next.json"],
  flags: {},
  args: one(String, "FILE", "the charter document"),
  load: () => import("./propose.run.ts"),
});
