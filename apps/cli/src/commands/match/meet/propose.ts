import { optional, required, seconds, wholeNumber } from "../../../args.ts";
import { command } from "../../../command.ts";

export type Flags = {
  readonly file: readonly string[];
  readonly purpose: string;
  readonly for?: number;
  readonly most?: number;
};

export const proposeMeetingCommand = command<Flags, [string]>({
  brief: "Propose to intersect a list with another party's, once",
  about:
    "Your list is committed to on the record: you cannot change it any more, and nobody can read it. If the partner's officer " +
    "answers with a list (`detente match meet accept`), the stations count how many items both have; which ones is shown only if both officers " +
    "consent after that (`detente match meet reveal`). The size class of each list is on the record. A partner that lies while counting is " +
    "found out when it has to show, not before.",
  examples: ['detente match meet propose bravo --file incident.csv --purpose "one intrusion or two"'],
  flags: {
    file: { ...required(String, "file", "the list, in any form that `detente share` takes"), variadic: "," },
    purpose: required(String, "text", "what it is for; all parties read it"),
    for: optional(seconds, "span", "how long either side has for all its steps (default: 3d)"),
    most: optional(wholeNumber, "n", "the largest list that is taken, a size class (default: that of your list)"),
  },
  aliases: { f: "file" },
  args: { kind: "tuple", parameters: [{ parse: String, placeholder: "PARTNER", brief: "with whom" }] },
  load: () => import("./propose.run.ts"),
});
