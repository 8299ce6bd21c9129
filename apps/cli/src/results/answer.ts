import { readResults, type ResultsFinding, type ResultsSnapshot } from "@detente/rla";
import { readOrTrouble } from "../audit/read-or-trouble.ts";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { inputFile } from "../files.ts";
import { amount, plain } from "../ui/text.ts";

interface NamedSnapshot {
  readonly path: string;
  readonly results: ResultsSnapshot;
}

/** A finding, in which file, and with which other it was compared. */
interface FileFinding {
  readonly file: string;
  readonly against: string | undefined;
  readonly finding: ResultsFinding;
}

/**
 * Compares snapshots, the first of which `base` gives for each of them, and says what was found.
 * @param check what is wrong within one snapshot, and from one to another
 */
export async function answerAbout(
  cli: Cli,
  paths: readonly string[],
  check: {
    readonly alone: (results: ResultsSnapshot) => ResultsFinding[];
    readonly between: (base: ResultsSnapshot, results: ResultsSnapshot) => ResultsFinding[];
    readonly base: (at: number) => number;
  },
): Promise<Answer> {
  const bar = cli.progress("reading", undefined);
  const snapshots: NamedSnapshot[] = [];
  for (const path of paths)
    snapshots.push({ path, results: readOrTrouble(await readResults(inputFile(path, bar.add))) });
  bar.clear();
  const findings: FileFinding[] = [];
  for (const [i, { path, results }] of snapshots.entries()) {
    findings.push(...check.alone(results).map((finding) => ({ file: path, against: undefined, finding })));
    const base = i === 0 ? undefined : snapshots[check.base(i)];
    if (base === undefined) continue;
    findings.push(
      ...check.between(base.results, results).map((finding) => ({ file: path, against: base.path, finding })),
    );
  }
  const files = snapshots.map(({ path, results: { format, election, time, contests } }) => {
    return { file: path, format, election, time, contests: contests.length };
  });
  return {
    json: { files, findings: findings.map(({ file, against, finding }) => ({ file, against, ...finding })) },
    text: [
      ...findings.map(({ file, finding }) => plain(`${file}: ${finding.code}: ${finding.message}`, 400)),
      findings.length === 0
        ? `Nothing found in ${amount(files.length, "snapshot")}`
        : amount(findings.length, "finding"),
    ],
    isNo: findings.length > 0,
  };
}
