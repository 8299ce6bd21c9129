import { one, optional, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly unread: boolean; readonly output?: string };

export const drawCommand = command<Flags, [string]>({
  brief: "List the cards of the round under way, in the order of the draw",
  about:
    "A ticket is SHA-256(seed ‖ canonical id of the card), smallest first; a phantom stands for a card that must exist by the " +
    "bound and that nothing records. With -o the cards of which there is paper are listed as they lie: in FILE.html to print and " +
    "to fetch them by, in FILE.csv to fill in and give to `detente audit enter`.",
  examples: [
    "detente audit draw 1a2b3c4d5e6f",
    "detente audit draw 1a2b3c4d5e6f --unread -o round-1.html",
    "detente audit draw 1a2b3c4d5e6f --unread -o readings.csv",
  ],
  flags: {
    unread: yes("only what this party's board has not read"),
    output: optional(String, "file", "write a sheet: a page to print if it ends in .html, else CSV to fill in"),
  },
  aliases: { o: "output" },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./draw.run.ts"),
});
