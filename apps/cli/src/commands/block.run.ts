import { join } from "node:path";
import {
  blockList,
  type BlockPolicy,
  canonicalIndicator,
  type Candidate,
  judgeShares,
  type LeftOut,
  matchKey,
  obstaclesTo,
  renderBlockList,
  type VerdictLabel,
} from "@detente/intel";
import { BLOCK_FORMATS, type BlockFormat } from "@detente/intel/block-formats";
import { loadGate } from "@detente/station/gate";
import { loadConfig } from "@detente/station/setup";
import { candidates } from "../candidates.ts";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { makeDirectory, replaceFile } from "../files.ts";
import { orTrouble, Trouble } from "../trouble.ts";
import type { Progress } from "../ui/progress.ts";
import type { Cell } from "../ui/table.ts";
import { amount, moment, plain, short } from "../ui/text.ts";
import type { Flags } from "./block.ts";

export async function run(
  cli: Cli,
  { format, output, why, confidence, parties, labels, publish }: Flags,
): Promise<Answer> {
  const policy: Policy = {
    now: cli.context.now(),
    minConfidence: confidence,
    labels,
    isPublic: publish,
    ...(parties === undefined ? {} : { parties }),
  };
  if (why !== undefined) return explain(cli, why, policy, format);
  if (format === undefined) throw new Trouble("--format", "is missing", `choose one of ${BLOCK_FORMATS.join(", ")}`);
  if (output === undefined) throw new Trouble("-o", "is missing", "say where the list goes");
  return write(cli, format, output, policy);
}

type Policy = Omit<BlockPolicy, "gate"> & { readonly labels: readonly VerdictLabel[] };

/** All candidates, and the policy with what the gate says of them. */
async function judged(
  cli: Cli,
  { labels, ...policy }: Policy,
  progress?: Progress,
): Promise<{ readonly all: readonly Candidate[]; readonly policy: BlockPolicy }> {
  const { gate: settings = {} } = orTrouble(await loadConfig(cli.dir), cli.dir);
  const { lists, assets, faults } = await loadGate(settings);
  const all = await candidates(cli, progress);
  const { now } = policy;
  const { verdictOf, warnings } = judgeShares(all, { now, lists, assets, reliability: settings.reliability ?? {} });
  cli.remark(...faults, ...warnings);
  return { all, policy: { ...policy, gate: { verdictOf, labels } } };
}

async function write(cli: Cli, format: BlockFormat, output: string, wanted: Policy): Promise<Answer> {
  const progress = cli.progress("reading", undefined, (count) => amount(count, "indicator"));
  const { all, policy } = await judged(cli, wanted, progress);
  progress.clear();
  const block = blockList(all, policy);
  const { files, leftOut } = renderBlockList(format, block);
  const [first] = files;
  const paths = files.length === 1 ? [output] : files.map(({ name }) => join(output, name));
  if (files.length > 1) await makeDirectory(output);
  // Rules come last: they name the other files.
  for (const [i, file] of [...files.entries()].reverse()) await replaceFile(paths[i] ?? output, file.text);
  const count = block.entries.length - leftOut.length;
  return {
    json: { format, files: paths, serial: block.serial, indicators: count, leftOut: countByCode(leftOut) },
    text: [
      `Wrote ${amount(count, "indicator")} to ${paths.join(", ")}, serial ${block.serial}`,
      ...(leftOut.length === 0 ? [] : [`${amount(leftOut.length, "indicator")} cannot or need not be in this format`]),
    ],
    isNo: first === undefined || count === 0,
  };
}

function countByCode(leftOut: readonly LeftOut[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { obstacle } of leftOut) counts[obstacle.code] = (counts[obstacle.code] ?? 0) + 1;
  return counts;
}

/** What stands against each share of one value: in its state, and in the format. */
async function explain(cli: Cli, text: string, wanted: Policy, format?: BlockFormat): Promise<Answer> {
  const { kind, value } = orTrouble(canonicalIndicator(text), "--why");
  const same = ({ item }: Candidate): boolean =>
    item.kind === kind && matchKey(kind, item.value) === matchKey(kind, value);
  // What is covered in a format depends on the whole list.
  const { all, policy } = await judged(cli, wanted);
  const leftOut = format === undefined ? [] : renderBlockList(format, blockList(all, policy)).leftOut;
  const inFormat = leftOut.filter(({ entry }) => entry.grounds.some(same)).map(({ obstacle }) => obstacle);
  const grounds = all.filter(same).map((candidate) => {
    const obstacles = obstaclesTo(candidate, policy);
    return { candidate, obstacles: obstacles.length > 0 ? obstacles : inFormat };
  });
  const isIn = grounds.some(({ obstacles }) => obstacles.length === 0);
  const rows = grounds.map(({ candidate, obstacles }): Cell[] => [
    plain(candidate.party),
    `${short(candidate.share)}:${candidate.index}`,
    moment(candidate.at),
    plain(candidate.title),
    obstacles.length === 0 ? "in the list" : obstacles.map(({ message }) => message).join("; "),
  ]);
  return {
    json: {
      kind,
      value,
      listed: isIn,
      grounds: grounds.map(({ candidate: { party, share, index }, obstacles }) => ({ party, share, index, obstacles })),
    },
    text:
      grounds.length === 0
        ? [`${kind} ${value} was not shared with this party`]
        : [
            `${kind} ${value} is ${isIn ? "" : "not "}in the list`,
            ...cli.table(["from", "item", "shared", "share", "why"], rows),
          ],
    isNo: !isIn,
  };
}
