import { collect, concatBytes, fromHex, type Json, present, toHex, utf8Decode } from "@detente/basics";
import { type Collection, formatOpening, parseItems, type ReadItem, type ShareContent } from "@detente/record";
import type { IndexedItem } from "@detente/store";
import { standing, standingShares } from "../standing-shares.ts";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { IndicatorRow, IntelRow } from "./contract.ts";
import { audienceOf, proveStatement } from "./statements.ts";

/** Searches what was shared with this party, item by item. */
export async function searchIntel(
  station: Station,
  unit: UnitRuntime,
  query: {
    readonly text: string;
    readonly kind?: string;
    readonly party?: string;
    readonly limit: number;
    readonly after?: number;
  },
): Promise<{ rows: IntelRow[]; next?: number }> {
  const { text, kind, party, limit, after } = query;
  const rows: IntelRow[] = [];
  const items = new Map<string, readonly ReadItem[]>();
  let next = after;
  do {
    const page = await station.index.reader.searchItems({
      text,
      match: "substring",
      limit,
      ...(kind === undefined ? {} : { kind }),
      ...(next === undefined ? {} : { after: next }),
    });
    for (const found of page.rows) {
      const row = await intelRow(station, unit, found, items);
      if (row !== undefined && (party === undefined || row.party === party)) rows.push(row);
    }
    next = page.next;
  } while (next !== undefined && rows.length < limit);
  return next === undefined ? { rows } : { rows, next };
}

/** What may be screened for: every item of a share that has taken effect and was not withdrawn. */
export async function* indicators(station: Station, unit: UnitRuntime): AsyncGenerator<IndicatorRow> {
  for (const { leafHash, party } of standingShares(unit)) {
    const share = present(fromHex(leafHash), "a leaf hash");
    let after: number | undefined;
    do {
      const page = await station.index.reader.itemsOf(share, {
        limit: 1000,
        ...(after === undefined ? {} : { after }),
      });
      for (const { kind, value, item } of page.rows) yield { kind, value, share: leafHash, index: item, party };
      after = page.next;
    } while (after !== undefined);
  }
}

/** That an item stands in a share: the opening of the collection, and the proof that the share is on the record. */
export async function proveItem(
  station: Station,
  unit: UnitRuntime,
  share: string,
  index: number,
): Promise<
  { item: Json; opening: Json; statement: string; proof: string; leaf: string; body: string | null } | undefined
> {
  const known = unit.indexer.shares().find(({ leafHash }) => leafHash === share);
  const read = known === undefined ? undefined : await readShare(station, known.content);
  const item = read?.items[index];
  const statement = await proveStatement(station, unit, share);
  if (read === undefined || item === undefined || statement === undefined) return undefined;
  const opening = read.collection.open(index, item.bytes);
  return {
    item: item.indicator as unknown as Json,
    opening: JSON.parse(utf8Decode(formatOpening(opening)) ?? "null") as Json,
    statement: share,
    ...statement,
  };
}

async function intelRow(
  station: Station,
  unit: UnitRuntime,
  found: IndexedItem,
  items: Map<string, readonly ReadItem[]>,
): Promise<IntelRow | undefined> {
  const hash = toHex(found.share);
  const share = unit.indexer.shares().find(({ leafHash }) => leafHash === hash);
  if (share === undefined) return undefined;
  const thing = unit.archive.fold.thing(hash, share.audience);
  const author = thing === undefined ? undefined : standing(thing)[0];
  let read = items.get(hash);
  if (read === undefined) items.set(hash, (read = (await readShare(station, share.content))?.items ?? []));
  const observations = thing?.voices.flatMap((voice) => voice.observations) ?? [];
  const aboutItem = (kind: string): number =>
    observations.filter(({ body }) => body?.kind === kind && itemIndex(body.content) === found.item).length;
  return {
    value: found.value,
    kind: found.kind,
    party: unit.membership.nameOf((author ?? thing?.statements[0] ?? share).log),
    share: hash,
    index: found.item,
    title: share.content.title,
    tlp: share.content.tlp,
    audience: audienceOf(share.audience),
    status: thing === undefined ? "pending" : author === undefined ? "withdrawn" : "effective",
    sightings: aboutItem("sighting"),
    falsePositives: aboutItem("false-positive"),
    item: (read[found.item]?.indicator ?? null) as Json,
  };
}

function itemIndex(content: Json): number | undefined {
  return (content as { item?: { index?: number } } | null)?.item?.index;
}

interface ReadShare {
  readonly items: readonly ReadItem[];
  readonly collection: Collection;
}

async function readShare(station: Station, content: ShareContent): Promise<ReadShare | undefined> {
  const blob = await station.blobs.get(present(fromHex(content.items.digest), "a digest"));
  if (blob === undefined) return undefined;
  const parsed = parseItems(concatBytes(...(await collect(blob.content))), content);
  return parsed.ok ? parsed.value : undefined;
}
