import { yes } from "../../args.ts";
import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { command } from "../../command.ts";

export type Flags = { readonly sign: boolean };

export const riskCommand = command<Flags, [string, string]>({
  brief: "Measure the risk of a contest by what is on the record; sign the round's numbers as an auditor",
  about:
    "The round is closed once more than half of the auditors sign the same numbers from the same evidence. What a party owes counts as " +
    "the worst, so a round can be closed without it. Exit code 0: within the risk limit, 1: not.",
  examples: ["detente audit risk 1a2b3c4d5e6f mayor", "detente audit risk 1a2b3c4d5e6f mayor --sign"],
  flags: { sign: yes("state the numbers on the record") },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  load: () => import("./risk.run.ts"),
});
