import { fromHex, present, toHex } from "@detente/basics";
import { type NewerVersion, turn, type VersionReader } from "@detente/store";
import type { ThingReport } from "@detente/unit";
import type { IntelRow, NewerItem } from "./api/contract.ts";
import { standing, statusOf } from "./standing-shares.ts";

/** Where an item of a share stands, in what a log says. */
export interface StatedBy {
  /** Whose item it is, by its log: of the authors who stand by the share one who has not replaced the item. */
  readonly log: string;
  readonly status: IntelRow["status"];
  /** What its author replaced it by. */
  readonly newer: NewerItem | null;
}

const PAGE = 1000;

/**
 * Tells of each item of a share where it stands. Of what one author has shared in several shares the newest version of
 * an object is the one that counts (STIX 2.1 §3.6), whatever others say of the same id: only who has stated it can
 * replace it. Where several logs hold the share's leaf, an item stands as long as it does for one of them.
 * @param log of the statement, for a share that has not taken effect or that nobody stands by any more
 * @param only an item besides which none is asked about
 */
export async function statedBy(
  versions: VersionReader,
  thing: ThingReport | undefined,
  log: string,
  only?: number,
): Promise<(item: number) => StatedBy> {
  const status = statusOf(thing);
  const authors = thing === undefined ? [] : standing(thing).map((statement) => statement.log);
  if (thing === undefined || authors[0] === undefined) {
    const stated = { log: thing?.statements[0]?.log ?? log, status, newer: null };
    return () => stated;
  }
  const [first] = authors;
  const replaced = new Map<string, ReadonlyMap<number, NewerVersion>>();
  for (const author of authors) replaced.set(author, await replacedItems(versions, thing.hash, author, only));
  return (item) => {
    const author = authors.find((one) => replaced.get(one)?.has(item) !== true);
    if (author !== undefined) return { log: author, status, newer: null };
    const by = replaced.get(first)?.get(item);
    return { log: first, status: "replaced", newer: by === undefined ? null : newerItem(by) };
  };
}

/** The items of a share of which an author, by its log, has a newer version elsewhere; all, or one at most. */
export async function replacedItems(
  versions: VersionReader,
  share: string,
  log: string,
  only?: number,
): Promise<ReadonlyMap<number, NewerVersion>> {
  const found = new Map<number, NewerVersion>();
  const leafHash = present(fromHex(share), "a leaf hash");
  const limit = only === undefined ? PAGE : 1;
  for (let from = only ?? 0; ;) {
    const page = await versions.replacedItems(leafHash, log, from, limit);
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
