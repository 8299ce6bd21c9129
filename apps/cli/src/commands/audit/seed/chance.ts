import { one, optional, required } from "../../../args.ts";
import { command } from "../../../command.ts";

export type Flags = { readonly dice?: readonly number[]; readonly beacon: string };

export const chanceCommand = command<Flags, [string]>({
  brief: "Say what the dice and the beacon gave, once the contributions are closed",
  about:
    "Every auditor looks for itself and says what it saw; what a majority says counts. Nothing is fetched: take the beacon's " +
    "value from its publisher, more than one if you can.",
  examples: ["detente audit seed chance 1a2b3c4d5e6f --dice 3,1,4,1,5,9 --beacon 8430af44…"],
  flags: {
    dice: optional(digits, "digits", "what a ten-sided die showed, roll by roll"),
    beacon: required(String, "hex", "the beacon's value for the round of the charter"),
  },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./chance.run.ts"),
});

function digits(text: string): readonly number[] {
  if (!/^[0-9](?:,?[0-9])*$/.test(text)) throw new Error(`"${text}" is not digits 0 to 9, separated by commas or not`);
  return Array.from(text.replaceAll(",", ""), Number);
}
