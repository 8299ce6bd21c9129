import { assetIndexes, judge, readWarningList, type Reliability, type Verdict, type WarningList } from "@detente/intel";
import { list, optional, several, time } from "../args.ts";
import { command } from "../command.ts";
import { readWhole } from "../files.ts";
import { readIndicatorFiles } from "../indicators.ts";
import { orTrouble } from "../trouble.ts";
import type { Cell } from "../ui/table.ts";
import { amount, plain } from "../ui/text.ts";

const MAX_LIST: number = 64 * 1024 * 1024;
const RELIABILITY: readonly Reliability[] = ["A", "B", "C", "D", "E", "F", "G"];

type Flags = {
  readonly list?: readonly string[];
  readonly assets?: readonly string[];
  readonly at?: number;
  readonly reliability: Reliability;
};

export const gateCommand = command<Flags, string[]>({
  brief: "Say which indicators of files may be enforced, and why the others should not be",
  about:
    "Labels each indicator block, inform or known-benign with reasons: special addresses, placeholders, own assets, lists " +
    "of what is known (MISP's warninglists, taken from files), missing dates and roles, age. A list made after the share " +
    "is told of but does not judge it. Sightings and false positives that MISP events bring from other organisations count. Nothing is left out. Exit code 1 if nothing may be blocked.",
  examples: [
    "detente gate phishing.csv --list lists/google/list.json,lists/public-dns-v4/list.json",
    "detente gate bundle.json --assets our-domains.txt --at 2026-05-10 --json",
  ],
  flags: {
    list: list("FILE", "lists in the format of MISP's warninglists, separated by commas"),
    assets: list("FILE", "files with own and protected names and networks, separated by commas"),
    at: optional(time, "time", "when the indicators were shared (default: now)"),
    reliability: {
      kind: "enum",
      values: RELIABILITY,
      default: "F",
      brief: "of the source: A best, F not known, G deceives",
    },
  },
  args: several("FILE", "files with indicators"),
  async run(cli, { list: lists = [], assets = [], at, reliability }, ...paths) {
    const { items, findings, rejected, opinions } = await readIndicatorFiles(paths);
    cli.remark(...findings);
    const now = cli.context.now();
    const protectedItems = assets.length === 0 ? [] : (await readIndicatorFiles(assets)).items;
    const { verdicts, warnings } = judge(items, {
      sharedAt: at ?? now,
      now,
      lists: await Promise.all(lists.map(readList)),
      assets: assetIndexes(protectedItems),
      reliability,
      opinions,
    });
    cli.remark(...warnings);
    const count = (label: Verdict["label"]): number => verdicts.filter((verdict) => verdict.label === label).length;
    const counts = { block: count("block"), inform: count("inform"), knownBenign: count("known-benign"), rejected };
    const summary = `${amount(items.length, "indicator")}: ${counts.block} to block, ${counts.inform} to inform, ${counts.knownBenign} known to be benign`;
    return {
      json: { counts, warnings, verdicts },
      text: [...cli.table(["label", "kind", "value", "left", "why"], verdicts.map(row)), summary],
      isNo: counts.block === 0,
    };
  },
});

async function readList(path: string): Promise<WarningList> {
  return orTrouble(readWarningList(await readWhole(path, MAX_LIST)), path);
}

function row({ item, label, confidence, reasons }: Verdict): readonly Cell[] {
  return [label, item.kind, plain(item.value), confidence, reasons.map(({ text }) => plain(text)).join("; ")];
}
