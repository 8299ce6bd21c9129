import { required } from "../../args.ts";
import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { command } from "../../command.ts";

export type Flags = { readonly votes: readonly number[]; readonly winners: string };

export const countCommand = command<Flags, [string, string]>({
  brief: "State what this party's board counted by hand over all cards of a contest",
  about: "It is the outcome where both boards state the same.",
  examples: ['detente audit count 1a2b3c4d5e6f mayor --votes 180,90 --winners "Ada"'],
  flags: {
    votes: required(counts, "numbers", "votes of each candidate, in the order of the charter"),
    winners: required(String, "names", "who won, separated by semicolons; - for nobody"),
  },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  load: () => import("./count.run.ts"),
});

function counts(text: string): readonly number[] {
  if (!/^[0-9]{1,12}(?:,[0-9]{1,12})*$/.test(text))
    throw new Error(`"${text}" is not whole numbers separated by commas`);
  return text.split(",").map(Number);
}
