import { optional, required, several, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = {
  readonly title: string;
  readonly purpose: string;
  readonly quorum?: number;
  readonly output: string;
};

export const draftCommand = command<Flags, string[]>({
  brief: "Draft the founding charter of a unit from party files",
  about: "This station's own party file is added. The file that comes out goes to every party; each accepts it.",
  examples: [
    'detente charter draft --title "Joint election desk" --purpose "Guard the November election" bravo.json charlie.json -o charter.json',
  ],
  flags: {
    title: required(String, "text", "the unit's name"),
    purpose: required(String, "text", "what the unit is for"),
    quorum: optional(
      wholeNumber,
      "n",
      "how many others must have observed a statement before it counts (default: their majority)",
    ),
    output: required(String, "file", "where the charter document goes"),
  },
  aliases: { o: "output" },
  args: several("FILE", "party files of the other parties"),
  load: () => import("./draft.run.ts"),
});
