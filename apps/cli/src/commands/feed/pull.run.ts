import { join } from "node:path";
import { type FeedReport, type FeedSource, markTold, pullFeed } from "@detente/intel";
import { checkOutbound, feedSource, outboundFetch } from "@detente/station/exchange";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { directoryMirror, directorySource } from "../../feed/directory.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import { MAX_EVENTS, type Flags } from "./pull.ts";

const FILE_TIMEOUT_MS = 120_000;

const MAX_BYTES: number = 2 * 1024 ** 3;

export async function run(
  cli: Cli,
  { output, private: allowPrivate, maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES }: Flags,
  from: string,
): Promise<Answer> {
  if (output === undefined) throw new Trouble("-o", "is missing", "say in which directory the copy is kept");
  const source = sourceOf(from, allowPrivate);
  const bar = cli.progress("fetching", undefined, (count) => amount(count, "event"));
  try {
    const mirror = await directoryMirror(output);
    const options = { source: source.source, mirror, maxEvents, maxBytes, onProgress: bar.set };
    const report = orTrouble(await pullFeed(options), from);
    bar.clear();
    remarkOn(cli, from, report);
    const path = (uuid: string): string => join(output, `${uuid}.json`);
    const { added, changed, gone, refusedCount, hashesDiffer, isComplete, fault } = report;
    return {
      json: {
        added: added.map(path),
        changed: changed.map(path),
        gone,
        refused: refusedCount,
        hashesDiffer,
        isComplete,
      },
      text: [
        `${amount(added.length, "event")} added, ${changed.length} changed, ${gone.length} gone`,
        ...(isComplete || fault !== undefined ? [] : ["There is more; run this again"]),
      ],
      isPartial: fault !== undefined || refusedCount > 0,
      onPrinted: async () => orTrouble(await markTold(mirror, report), output),
    };
  } finally {
    bar.clear();
    await source.close();
  }
}

function sourceOf(from: string, allowPrivate: boolean): { readonly source: FeedSource; close(): Promise<void> } {
  if (!/^[a-z]+:\/\//i.test(from)) return { source: directorySource(from), close: async () => undefined };
  const { href } = orTrouble(checkOutbound(from, { allowPrivate }), from);
  const outbound = outboundFetch({ allowPrivate });
  return { source: feedSource(href, outbound.fetch, FILE_TIMEOUT_MS), close: () => outbound.close() };
}

function remarkOn(cli: Cli, from: string, { refused, refusedCount, hashesDiffer, gone, fault }: FeedReport): void {
  cli.remark(...refused.map((reason) => `${from}: ${reason}`));
  if (refusedCount > refused.length) cli.remark(`${from}: and ${refusedCount - refused.length} more like these`);
  for (const uuid of gone) cli.remark(`${from}: ${uuid} is gone — withdraw what you shared of it`);
  for (const uuid of hashesDiffer) cli.remark(`${from}: ${uuid}: hashes.csv lists other values than the event has`);
  if (fault !== undefined) cli.remark(`${from}: ${fault.message}`);
}
