import type { IndexedItem } from "@detente/screen";
import type { IndicatorRow } from "@detente/station";
import { WatchList } from "@detente/telemetry";
import type { Cli } from "../cli.ts";
import { readIndicatorFiles } from "../indicators.ts";
import { Trouble } from "../trouble.ts";
import { amount, plain } from "../ui/text.ts";

/** Where an indicator comes from: an item of a share, or a file of this party's own. */
export type Origin = { readonly party: string; readonly share: string; readonly index: number } | undefined;

/** What is to be looked for: what the unit shares with this party, or what files hold. */
export async function watchList(cli: Cli, files: readonly string[] | undefined): Promise<WatchList<Origin>> {
  const items = files === undefined ? await sharedItems(cli) : await itemsOfFiles(cli, files);
  const list = new WatchList(items);
  for (const { item, message } of list.refused) {
    cli.remark(
      `detente: indicator ${plain(item.value)} of ${plain(item.ref?.party ?? "a file")} is left out: ${message}`,
    );
  }
  if (list.index.size > 0) return list;
  if (files !== undefined) throw new Trouble(files.join(", "), "holds no indicator", "see what is said about its rows");
  throw new Trouble(
    "indicators",
    "nothing that is in effect was shared with this party",
    "see `detente intel`, or give --indicators FILE",
  );
}

/** What is to be looked for as of now: nothing is said about it again, and an empty list is one. */
export async function latestList(cli: Cli, files: readonly string[] | undefined): Promise<WatchList<Origin>> {
  return new WatchList(
    files === undefined ? await sharedItems(cli) : unshared((await readIndicatorFiles(files)).items),
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
  return unshared(items);
}

function unshared(items: readonly Pick<IndexedItem<Origin>, "kind" | "value">[]): IndexedItem<Origin>[] {
  return items.map(({ kind, value }) => ({ kind, value, ref: undefined }));
}
