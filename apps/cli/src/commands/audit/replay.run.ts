import { replayAudit, type ReplayLine, replayTotals } from "@detente/rla";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import { replayFiles } from "../../audit/replay-files.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { amount, plain } from "../../ui/text.ts";
import type { Flags } from "./replay.ts";

export async function run(cli: Cli, { seed, differences }: Flags, ...paths: string[]): Promise<Answer> {
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
}

function lineText({ step, contest, file, line, what, published, computed, note }: ReplayLine): string {
  const values = computed === undefined || computed === published ? published : `${published}, computed: ${computed}`;
  const behind = note === undefined ? "" : ` (${note})`;
  const about = contest === undefined ? what : `${contest}: ${what}`;
  return plain(`${file}:${line}: ${step}: ${about}: ${values}${behind}`, 600);
}
