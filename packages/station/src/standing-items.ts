import { fromHex, present, toHex } from "@detente/basics";
import { type NewerVersion, turn, type VersionReader } from "@detente/store";
import type { ThingReport } from "@detente/unit";
import type { IntelRow, NewerItem } from "./api/intel-contract.ts";
import { statusOf } from "./standing-shares.ts";

/** Where an item of a share stands, in what its author says. */
interface Stated {
  readonly status: IntelRow["status"];
  /** What its author replaced it by. */
  readonly newer: NewerItem | null;
}

const PAGE = 1000;

/**
 * Tells of each item of a share where it stands. Of what one author has shared in several shares the newest version of
 * an object is the one that counts (STIX 2.1 §3.6), whatever others say of the same id: only who has stated it can
 * replace it.
 * @param thing undefined for a share that has not taken effect
 * @param only an item besides which none is asked about
 */
export async function statedItems(
  versions: VersionReader,
  thing: ThingReport | undefined,
  only?: number,
): Promise<(item: number) => Stated> {
  const stated = { status: statusOf(thing), newer: null };
  if (thing === undefined || thing.isWithdrawn) return () => stated;
  const replaced = await replacedItems(versions, thing.hash, only);
  return (item) => {
    const by = replaced.get(item);
    return by === undefined ? stated : { status: "replaced", newer: newerItem(by) };
  };
}

/** The items of a share of which its author has a newer version elsewhere; all, or one at most. */
export async function replacedItems(
  versions: VersionReader,
  share: string,
  only?: number,
): Promise<ReadonlyMap<number, NewerVersion>> {
  const found = new Map<number, NewerVersion>();
  const leafHash = present(fromHex(share), "a leaf hash");
  const limit = only === undefined ? PAGE : 1;
  for (let from = only ?? 0; ;) {
    const page = await versions.replacedItems(leafHash, from, limit);
    for (const { item, by } of page) found.set(item, by);
    const last = page.at(-1);
    if (only !== undefined || last === undefined || page.length < limit) return found;
    from = last.item + 1;
    // The index answers at once, so that nobody else would have a turn in a share of a million.
    await turn();
  }
}

function newerItem({ share, item, version, isRevoked }: NewerVersion): NewerItem {
  return { share: toHex(share), index: item, modified: `${version}Z`, revoked: isRevoked };
}
