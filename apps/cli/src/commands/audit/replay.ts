import { optional, several, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly seed?: string; readonly differences: boolean };

export const replayCommand = command<Flags, string[]>({
  brief: "Compute a published audit again, and say line by line what agrees",
  about:
    "FILE is a published file, a directory of them (all its CSV files and workbooks), or NAME=FILE for the manifest or the tallies of a " +
    "jurisdiction whose name the path does not tell. Arlo: the audit report, ballot manifests, tallies of batches; batch " +
    "comparison (MACRO), ballot polling (BRAVO, Minerva, Providence) and ballot comparison (super-simple). Colorado: " +
    "contest.csv, contestSelection.csv, contestComparison.csv, tabulate.csv, seed.csv, lists of ballot cards, manifests. " +
    "A workbook (.xlsx) is read as the first sheet that it shows. What a file is told by its columns. Exit code 0: all agrees, 1: something differs, 2: nothing differs, and " +
    "something could not be checked (or trouble).",
  examples: [
    "detente audit replay audit-report.csv manifests/ tallies/",
    'detente audit replay audit-report.csv "BEN HILL=12-manifest.csv" "BEN HILL=12-tallies.csv"',
    "detente audit replay 2024/general/ --seed 53417960661093690826 --differences",
  ],
  flags: {
    seed: optional(String, "digits", "the seed, where no seed.csv is given (Colorado)"),
    differences: yes("leave out the lines that agree"),
  },
  args: several("FILE", "published files of one audit"),
  load: () => import("./replay.run.ts"),
});
