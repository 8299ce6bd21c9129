import { type Indicator, isExpired } from "@detente/record";
import type { IndexedItem } from "@detente/screen";
import type { IndicatorRow } from "@detente/station";
import { WatchList } from "@detente/telemetry";
import type { Cli } from "../cli.ts";
import { readIndicatorFiles } from "../indicators.ts";
import { Trouble } from "../trouble.ts";
import { amount, plain } from "../ui/text.ts";

/** Where an indicator comes from: an item of a share, or a file of this party's own. */
export type Origin = { readonly party: string; readonly share: string; readonly index: number } | undefined;

type ExpiringItem = IndexedItem<Origin> & Pick<Indicator, "until">;

/** What is to be looked for now, and what was left out because it has expired. */
export interface CurrentList {
  readonly list: WatchList<Origin>;
  /** How many indicators. */
  readonly expired: number;
}

/**
 * What is to be looked for: what the unit shares with this party, or what files hold.
 * @param isFollowing whether the list is asked for again, so that nothing shared yet is no reason not to begin
 */
export async function watchList(
  cli: Cli,
  files: readonly string[] | undefined,
  isFollowing: boolean,
): Promise<CurrentList> {
  const current = currentOf(cli, files === undefined ? await sharedItems(cli) : await itemsOfFiles(cli, files));
  const { list, expired } = current;
  for (const { item, message } of list.refused) {
    cli.remark(
      `detente: indicator ${plain(item.value)} of ${plain(item.ref?.party ?? "a file")} is left out: ${message}`,
    );
  }
  if (list.index.size > 0) return current;
  if (isFollowing && files === undefined) {
    cli.remark("detente: indicators: nothing that is in effect was shared with this party; waiting for it");
    return current;
  }
  if (expired > 0) {
    throw new Trouble(
      "indicators",
      `all that there are have expired (${expired})`,
      "get newer ones, or set their ends anew",
    );
  }
  if (files !== undefined) throw new Trouble(files.join(", "), "holds no indicator", "see what is said about its rows");
  throw new Trouble(
    "indicators",
    "nothing that is in effect was shared with this party",
    "see `detente intel`, or give --indicators FILE",
  );
}

/** What is to be looked for as of now: nothing is said about it again, and an empty list is one. */
export async function latestList(cli: Cli, files: readonly string[] | undefined): Promise<CurrentList> {
  return currentOf(
    cli,
    files === undefined ? await sharedItems(cli) : unshared((await readIndicatorFiles(files)).items),
  );
}

function currentOf({ context }: Cli, items: readonly ExpiringItem[]): CurrentList {
  const now = context.now();
  const current = items.filter((item) => !isExpired(item, now));
  return { list: new WatchList(current), expired: items.length - current.length };
}

async function sharedItems(cli: Cli): Promise<ExpiringItem[]> {
  return cli.withStation(async (station) => {
    const items: ExpiringItem[] = [];
    for await (const line of await station.lines("/api/indicators")) {
      const { kind, value, until, party, share, index } = JSON.parse(line) as IndicatorRow;
      items.push({ kind: kind as ExpiringItem["kind"], value, ...untilOf({ until }), ref: { party, share, index } });
    }
    return items;
  });
}

async function itemsOfFiles(cli: Cli, files: readonly string[]): Promise<ExpiringItem[]> {
  const { items, findings } = await readIndicatorFiles(files);
  cli.remark(...findings);
  cli.remark(`${amount(items.length, "indicator")} from ${files.join(", ")}`);
  return unshared(items);
}

function unshared(items: readonly Indicator[]): ExpiringItem[] {
  return items.map(({ kind, value, until }) => ({ kind, value, ...untilOf({ until }), ref: undefined }));
}

function untilOf({ until }: { readonly until: number | undefined }): Pick<Indicator, "until"> {
  return until === undefined ? {} : { until };
}
