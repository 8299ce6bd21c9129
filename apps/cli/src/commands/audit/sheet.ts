import type { SheetDraw } from "@detente/rla";
import { one, optional, required, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = {
  readonly draw: SheetDraw["by"];
  readonly seed: string;
  readonly count: number;
  readonly jurisdiction?: string;
  readonly title: string;
  readonly output?: string;
};

export const sheetCommand = command<Flags, [string]>({
  brief: "List the cards that a draw takes from a manifest, to print and to fetch",
  about:
    "Each card stands once, in the order of the manifest, with the numbers of its draws. --draw detente draws without " +
    "replacement from a seed of 64 hex digits; arlo and colorado with replacement, as those audits do. A name that ends in " +
    ".html makes a page to print, with a place to sign; .csv, or none, a table.",
  examples: [
    "detente audit sheet manifest.csv --draw colorado --seed 79868317266034310489 --count 120 -o adams.html",
    "detente audit sheet manifest.csv --draw arlo --jurisdiction Cobb --seed 12345678901234567890 --count 80 -o cobb.csv",
  ],
  flags: {
    draw: { kind: "enum", values: ["detente", "arlo", "colorado"], default: "detente", brief: "by which rule" },
    seed: required(String, "seed", "as published"),
    count: required(wholeNumber, "n", "how many draws"),
    jurisdiction: optional(String, "name", "as Arlo calls it (arlo)"),
    title: { ...required(String, "text", "above the sheet"), default: "Ballots to fetch" },
    output: optional(String, "file", "where to (default: standard output, as CSV)"),
  },
  aliases: { o: "output" },
  args: one(String, "MANIFEST", "ballot manifest, CSV"),
  load: () => import("./sheet.run.ts"),
});
