import { isStricter, type Item, type MispShare } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { ItemRow } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Progress } from "../ui/progress.ts";

/** Why an indicator that was shared is not in a feed. */
export type NotPublished = "state" | "tlp" | "audience" | "party";

/** An item of a share, and what the record says of the share. */
export type PublishableRow = Omit<ItemRow, "tlp"> & { readonly tlp: Tlp };

/** The shares that this party holds, with those of their items that may be published, in the order of the record. */
export async function publishable(
  cli: Cli,
  progress: Progress,
  may: (row: PublishableRow) => boolean,
): Promise<MispShare[]> {
  return cli.withStation(async (station) => {
    const shares = new Map<string, MispShare & { readonly items: MispShare["items"][number][] }>();
    for await (const line of await station.lines("/api/items")) {
      const row = JSON.parse(line) as PublishableRow;
      progress.add(1);
      if (!may(row)) continue;
      const { share, party, title, tlp, audience, at, index } = row;
      const item = { index, item: row.item as unknown as Item };
      const known = shares.get(share);
      if (known === undefined) shares.set(share, { share, party, title, tlp, audience, at, items: [item] });
      else {
        known.items.push(item);
        // An event has one label: that of its strictest item.
        if (isStricter(tlp, known.tlp)) shares.set(share, { ...known, tlp });
      }
    }
    return [...shares.values()];
  });
}
