import { assetIndexes, judge, readWarningList, type Verdict, type WarningList } from "@detente/intel";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { readWhole } from "../files.ts";
import { readIndicatorFiles } from "../indicators.ts";
import { orTrouble } from "../trouble.ts";
import type { Cell } from "../ui/table.ts";
import { amount, plain } from "../ui/text.ts";
import type { Flags } from "./gate.ts";

const MAX_LIST: number = 64 * 1024 * 1024;

export async function run(
  cli: Cli,
  { list: lists = [], assets = [], at, reliability }: Flags,
  ...paths: string[]
): Promise<Answer> {
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
}

async function readList(path: string): Promise<WarningList> {
  return orTrouble(readWarningList(await readWhole(path, MAX_LIST)), path);
}

function row({ item, label, confidence, reasons }: Verdict): readonly Cell[] {
  return [label, item.kind, plain(item.value), confidence, reasons.map(({ text }) => plain(text)).join("; ")];
}
