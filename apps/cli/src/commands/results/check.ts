import { checkCopies, checkProgress, checkSnapshot, readResults, type ResultsFinding } from "@detente/rla";
import { several, yes } from "../../args.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import { command } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { amount, plain } from "../../ui/text.ts";

type Flags = { readonly copies: boolean };

export const checkResultsCommand = command<Flags, string[]>({
  brief: "Check published results: sums, votes against ballots, what went back, copies that differ",
  about:
    "FILE is a snapshot of results: CSV with a row for each precinct and choice, Clarity's detail.xml, or NIST SP 1500-100. Each is checked by " +
    "itself; then each against the one before, in the order given, as counts only grow. With --copies the files should be " +
    "one snapshot, as different people were shown it. Exit code 0: nothing found, 1: findings, 2: trouble.",
  examples: [
    "detente results check detail.xml",
    "detente results check 20h.csv 21h.csv 22h.csv --json",
    "detente results check ours.xml theirs.xml --copies",
  ],
  flags: { copies: yes("the files should be the same snapshot") },
  args: several("FILE", "snapshots, the oldest first"),
  async run(cli, { copies }, ...paths) {
    const bar = cli.progress("reading", undefined);
    const snapshots = [];
    for (const path of paths) {
      snapshots.push({ path, results: readOrTrouble(await readResults(inputFile(path, bar.add))) });
    }
    bar.clear();
    const findings: {
      readonly file: string;
      readonly against: string | undefined;
      readonly finding: ResultsFinding;
    }[] = [];
    for (const [i, { path, results }] of snapshots.entries()) {
      findings.push(...checkSnapshot(results).map((finding) => ({ file: path, against: undefined, finding })));
      const other = snapshots[copies ? 0 : i - 1];
      if (i === 0 || other === undefined) continue;
      const found = copies ? checkCopies(other.results, results) : checkProgress(other.results, results);
      findings.push(...found.map((finding) => ({ file: path, against: other.path, finding })));
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
  },
});
