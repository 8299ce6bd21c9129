import { replayAudit, type ReplayLine, replayTotals } from "@detente/rla";
import { optional, several, yes } from "../../args.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import { replayFiles } from "../../audit/replay-files.ts";
import { command } from "../../command.ts";
import { amount, plain } from "../../ui/text.ts";

type Flags = { readonly seed?: string; readonly differences: boolean };

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
  async run(cli, { seed, differences }, ...paths) {
    const bar = cli.progress("reading", undefined);
    try {
      const { files, unused } = await replayFiles(paths, bar.add);
      cli.remark(...unused);
      const { election, type, lines } = readOrTrouble(await replayAudit(files, seed));
      const totals = replayTotals(lines);
      const shown = differences ? lines.filter(({ verdict }) => verdict !== "agrees") : lines;
      const count = (verdict: ReplayLine["verdict"]): number => lines.filter((line) => line.verdict === verdict).length;
      const [differs, unchecked] = [count("differs"), count("unchecked")];
      const paint = { agrees: cli.palette.good, differs: cli.palette.bad, unchecked: cli.palette.doubtful };
      return {
        json: {
          election,
          type,
          files: files.map(({ file, kind }) => ({ file: file.name, kind })),
          unused,
          totals,
          lines: shown,
        },
        text: [
          ...shown.map((line) => `${paint[line.verdict](line.verdict.padEnd(9))} ${lineText(line)}`),
          "",
          plain([election, type].filter((text) => text !== "").join(", ")),
          ...cli.table(
            ["step", "agree", "differ", "not checked"],
            totals.map((total) => [total.step, total.agrees, total.differs, total.unchecked]),
          ),
          differs > 0 ? amount(differs, "line differs", "lines differ") : "Nothing differs",
        ],
        isNo: differs > 0,
        isPartial: differs === 0 && (unchecked > 0 || lines.length === 0),
      };
    } finally {
      bar.clear();
    }
  },
});

function lineText({ step, contest, file, line, what, published, computed, note }: ReplayLine): string {
  const values = computed === undefined || computed === published ? published : `${published}, computed: ${computed}`;
  const behind = note === undefined ? "" : ` (${note})`;
  const about = contest === undefined ? what : `${contest}: ${what}`;
  return plain(`${file}:${line}: ${step}: ${about}: ${values}${behind}`, 600);
}
