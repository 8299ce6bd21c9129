import { optional } from "../../args.ts";
import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { command } from "../../command.ts";

export type Flags = { readonly read?: string };

export const enterCommand = command<Flags, [string, string]>({
  brief: "Seal what this party's board read on the cards of a round; show it once the other board has sealed",
  about:
    "With --read FILE (CSV: batch, place, votes) the readings are sealed; without it those that are sealed are shown, which is refused " +
    "until the other board has sealed its own. Seal all sheets before anything is shown: who shows a card that the other board has " +
    "not sealed lets it be copied. Neither board can know what the other read, nor what the machines recorded. " +
    "Votes are names separated by semicolons, none, not on card, or missing.",
  examples: ["detente audit enter 1a2b3c4d5e6f mayor --read board.csv", "detente audit enter 1a2b3c4d5e6f mayor"],
  flags: { read: optional(String, "file", "what the board wrote down; it is sealed") },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  load: () => import("./enter.run.ts"),
});
