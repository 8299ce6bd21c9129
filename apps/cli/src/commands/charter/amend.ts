import { list, optional, required, wholeNumber } from "../../args.ts";
import { command, NO_ARGS } from "../../command.ts";

export type Flags = {
  readonly title?: string;
  readonly purpose?: string;
  readonly quorum?: number;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly output: string;
};

export const amendCommand = command<Flags, []>({
  brief: "Draft the charter that is to follow the one in force",
  about:
    "Every party that stays, and every new one, has to accept it. A party can be left out only after it has left. " +
    "Propose the draft with `detente charter propose`.",
  examples: [
    "detente charter amend --add delta.json -o next.json",
    'detente charter amend --remove charlie --purpose "Guard the run-off" -o next.json',
  ],
  flags: {
    title: optional(String, "text", "another name for the unit"),
    purpose: optional(String, "text", "another purpose"),
    quorum: optional(wholeNumber, "n", "another quorum (default: the majority of the others, if parties change)"),
    add: list("file", "party files of new parties, separated by commas"),
    remove: list("name", "parties that have left, separated by commas"),
    output: required(String, "file", "where the charter document goes"),
  },
  aliases: { o: "output" },
  args: NO_ARGS,
  load: () => import("./amend.run.ts"),
});
