import { type Bytes, fromHex, type Json, present, toHex, utf8Decode } from "@detente/basics";
import { type Item, strictestTlp } from "@detente/intel";
import { formatObjectOpening, formatOpening } from "@detente/record";
import type { IndexedItem } from "@detente/store";
import { statedItems } from "../standing-items.ts";
import { standingShares } from "../standing-shares.ts";
import type { Station } from "../station.ts";
import type { ShareOnRecord } from "../sync/indexer.ts";
import { type FoundIndicator, indicatorsOfObjects, readIndicators } from "../sync/read-indicators.ts";
import { allLines, itemLines, readObjects, readShare } from "../sync/read-share.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { IndicatorRow, IntelRow, ItemRow } from "./intel-contract.ts";
import { itemIndex, observedOf } from "./observed.ts";
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
  let next = after;
  do {
    const page = await station.index.reader.searchItems({
      text,
      match: "substring",
      limit,
      ...(kind === undefined ? {} : { kind }),
      ...(next === undefined ? {} : { after: next }),
    });
    const items = await itemsOf(station, unit, page.rows);
    for (const found of page.rows) {
      const row = await intelRow(station, unit, found, items.get(toHex(found.share))?.get(found.item));
      if (row !== undefined && (party === undefined || row.party === party)) rows.push(row);
    }
    next = page.next;
  } while (next !== undefined && rows.length < limit);
  return next === undefined ? { rows } : { rows, next };
}

/** What may be screened for: every item of a share that has taken effect and was not withdrawn, nor the item replaced. */
export async function* indicators(station: Station, unit: UnitRuntime): AsyncGenerator<IndicatorRow> {
  for (const { leafHash, party } of standingShares(unit)) {
    const share = present(fromHex(leafHash), "a leaf hash");
    let after: number | undefined;
    do {
      const page = await station.index.reader.standingItems(share, {
        limit: 1000,
        ...(after === undefined ? {} : { after }),
      });
      for (const { kind, value, until, item } of page.rows)
        yield { kind, value, ...(until === undefined ? {} : { until }), share: leafHash, index: item, party };
      after = page.next;
    } while (after !== undefined);
  }
}

/** Every item of every share whose items are here, with what the record says of the share. */
export async function* allItems(station: Station, unit: UnitRuntime): AsyncGenerator<ItemRow> {
  for (const onRecord of unit.indexer.shares()) {
    const { leafHash, audience, content, log } = onRecord;
    const [statement] = await station.index.reader.statementsByLeaf(present(fromHex(leafHash), "a leaf hash"));
    if (statement === undefined) continue;
    const thing = unit.archive.fold.thing(leafHash, audience);
    const share = {
      party: unit.membership.nameOf(log),
      share: leafHash,
      title: content.title,
      tlp: content.tlp,
      audience: audienceOf(audience),
      at: statement.at,
    };
    const stated = await statedItems(station.index.versions, thing);
    const standing = (index: number): Pick<ItemRow, "status" | "newer"> => {
      const { status, newer } = stated(index);
      return { status, ...(newer === null ? {} : { newer }) };
    };
    const observed = observedOf(unit, thing);
    if (onRecord.kind === "share") {
      for await (const lines of allLines(station.blobs, onRecord.content)) {
        for (const { index, line } of lines)
          yield { ...standing(index), ...share, index, item: JSON.parse(line) as Json, ...observed(index) };
      }
      continue;
    }
    const found: FoundIndicator[] = [];
    await readIndicators(station.blobs, onRecord, ({ items }) => {
      for (const item of items) found.push(item);
    });
    for (const { index, indicator, tlp } of found) {
      const strictest = strictestTlp([content.tlp, tlp]) ?? content.tlp;
      const said = { ...standing(index), ...share, tlp: strictest, index };
      yield { ...said, item: indicator as unknown as Json, ...observed(index) };
    }
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
  const known = unit.indexer.share(share);
  const opened = known === undefined ? undefined : await openItem(station, known, index);
  const statement = await proveStatement(station, unit, share);
  return opened === undefined || statement === undefined ? undefined : { ...opened, statement: share, ...statement };
}

/** The item, or the text of the object, and what opens the collection at its place. */
async function openItem(
  { blobs }: Station,
  share: ShareOnRecord,
  index: number,
): Promise<{ readonly item: Json; readonly opening: Json } | undefined> {
  let bytes: Bytes | undefined;
  const find = (some: readonly { readonly index: number; readonly bytes: Bytes }[]): void => {
    bytes ??= some.find((one) => one.index === index)?.bytes;
  };
  const isList = share.kind === "share";
  const read = await (isList ? readShare(blobs, share.content, find) : readObjects(blobs, share.content, find));
  if (read?.ok !== true || bytes === undefined) return undefined;
  const text = utf8Decode(bytes) ?? "";
  const opening = read.value.open(index, bytes);
  const opened = utf8Decode(isList ? formatOpening(opening) : formatObjectOpening(opening)) ?? "null";
  return { item: isList ? (JSON.parse(text) as Json) : text, opening: JSON.parse(opened) as Json };
}

/** What the shares say of the indicators found, by share and index; an object may name several. */
async function itemsOf(
  station: Station,
  unit: UnitRuntime,
  found: readonly IndexedItem[],
): Promise<Map<string, Map<number, Item[]>>> {
  const wanted = new Map<string, Set<number>>();
  for (const { share, item } of found) {
    const hash = toHex(share);
    wanted.set(hash, (wanted.get(hash) ?? new Set()).add(item));
  }
  const items = new Map<string, Map<number, Item[]>>();
  for (const share of unit.indexer.shares()) {
    const indexes = wanted.get(share.leafHash);
    if (indexes === undefined) continue;
    if (share.kind === "objects") {
      items.set(share.leafHash, await indicatorsOfObjects(station.blobs, share.content, indexes));
    } else {
      const lines = await itemLines(station.blobs, share.content, indexes);
      const read = (line: Bytes): Item[] => [JSON.parse(utf8Decode(line) ?? "null") as Item];
      items.set(share.leafHash, new Map([...lines].map(([index, line]) => [index, read(line)])));
    }
  }
  return items;
}

async function intelRow(
  { index }: Station,
  unit: UnitRuntime,
  found: IndexedItem,
  items: readonly Item[] = [],
): Promise<IntelRow | undefined> {
  const hash = toHex(found.share);
  const share = unit.indexer.share(hash);
  if (share === undefined) return undefined;
  const thing = unit.archive.fold.thing(hash, share.audience);
  const { status, newer } = (await statedItems(index.versions, thing, found.item))(found.item);
  const observations = thing?.voices.flatMap((voice) => voice.observations) ?? [];
  const aboutItem = (kind: string): number =>
    observations.filter(({ body }) => body?.kind === kind && itemIndex(body.content) === found.item).length;
  const item = items.find(({ kind, value }) => kind === found.kind && value === found.value);
  return {
    value: found.value,
    kind: found.kind,
    party: unit.membership.nameOf(share.log),
    share: hash,
    index: found.item,
    title: share.content.title,
    tlp: share.content.tlp,
    audience: audienceOf(share.audience),
    status,
    newer,
    sightings: aboutItem("sighting"),
    falsePositives: aboutItem("false-positive"),
    item: (item as unknown as Json) ?? null,
  };
}
