import { buildIndicatorIndex, type IndexedItem, type IndicatorIndex } from "@detente/screen";
import type { IndicatorRow } from "@detente/station";
import type { Cli } from "../cli.ts";
import { readIndicatorFiles } from "../indicators.ts";
import { Trouble } from "../trouble.ts";
import { amount, plain } from "../ui/text.ts";

/** Where an indicator comes from: an item of a share, or a file of this party's own. */
export type Origin = { readonly party: string; readonly share: string; readonly index: number } | undefined;

/** What is to be looked for: what the unit shares with this party, or what files hold. */
export async function watchList(cli: Cli, files: readonly string[] | undefined): Promise<IndicatorIndex<Origin>> {
  return indexOf(cli, files, await itemsOf(cli, files));
}

/** The same for whoever looks elsewhere: the indicators without those that are none. */
export async function watchItems(cli: Cli, files: readonly string[] | undefined): Promise<IndexedItem<Origin>[]> {
  const items = await itemsOf(cli, files);
  const refused = new Set(indexOf(cli, files, items).refused.map(({ item }) => item));
  return items.filter((item) => !refused.has(item));
}

async function itemsOf(cli: Cli, files: readonly string[] | undefined): Promise<IndexedItem<Origin>[]> {
  return files === undefined ? sharedItems(cli) : itemsOfFiles(cli, files);
}

function indexOf(
  cli: Cli,
  files: readonly string[] | undefined,
  items: readonly IndexedItem<Origin>[],
): IndicatorIndex<Origin> {
  const index = buildIndicatorIndex(items);
  for (const { item, message } of index.refused) {
    cli.remark(
      `detente: indicator ${plain(item.value)} of ${plain(item.ref?.party ?? "a file")} is left out: ${message}`,
    );
  }
  if (index.size > 0) return index;
  if (files !== undefined) throw new Trouble(files.join(", "), "holds no indicator", "see what is said about its rows");
  throw new Trouble(
    "indicators",
    "nothing that is in effect was shared with this party",
    "see `detente intel`, or give --indicators FILE",
  );
}

async function sharedItems(cli: Cli): Promise<IndexedItem<Origin>[]> {
  return cli.withStation(async (station) => {
    const items: IndexedItem<Origin>[] = [];
    for await (const line of await station.lines("/api/indicators")) {
      const { kind, value, party, share, index } = JSON.parse(line) as IndicatorRow;
      items.push({ kind: kind as IndexedItem<Origin>["kind"], value, ref: { party, share, index } });
    }
    return items;
  });
}

async function itemsOfFiles(cli: Cli, files: readonly string[]): Promise<IndexedItem<Origin>[]> {
  const { items, findings } = await readIndicatorFiles(files);
  cli.remark(...findings);
  cli.remark(`${amount(items.length, "indicator")} from ${files.join(", ")}`);
  return items.map(({ kind, value }) => ({ kind, value, ref: undefined }));
}
