import { canonicalJson, type Result, utf8 } from "@detente/basics";
import { cleanText, type Item, type StatedObject, type StixObject, stixIdentity, stixIndicator } from "@detente/intel";
import type { Collection, ReadItem } from "@detente/record";
import type { BlobReader, NewObject } from "@detente/store";
import type { ShareOnRecord } from "../sync/indexer.ts";
import { eachObject } from "../sync/read-indicators.ts";
import { readObjects, readShare } from "../sync/read-share.ts";

const MAX_REASON = 160;

/**
 * A share as objects of STIX: those that it holds, in their sources' bytes, as far as they are well-formed; or an
 * indicator for each item, and its author's identity first. `undefined` where the blob is not here.
 * @param party its author
 * @param at when it was made, as the author says, in milliseconds since 1970
 * @param take given objects as they are read, before it is known whether those to come are right
 */
export async function statedObjects(
  blobs: BlobReader,
  share: ShareOnRecord,
  { party, at }: { readonly party: string; readonly at: number },
  take: (objects: readonly NewObject[]) => Promise<void>,
): Promise<Result<Collection> | undefined> {
  if (share.kind === "objects") {
    return readObjects(blobs, share.content, async (some) => {
      const objects: NewObject[] = [];
      await eachObject(some, (object) => void objects.push(asStated(object)));
      await take(objects);
    });
  }
  const { title, tlp } = share.content;
  await take([written(stixIdentity(party, at))]);
  return readShare(blobs, share.content, (items) =>
    take(items.flatMap((item) => indicatorOf(item, { party, share: share.leafHash, title, tlp, at }) ?? [])),
  );
}

/** An object as a collection keeps it, by the version that it states. */
export function asStated({ id, view, bytes }: StixObject): NewObject {
  const version = view["modified"] ?? view["created"];
  return { id, bytes, ...(typeof version === "string" ? { version } : {}) };
}

function indicatorOf(
  { index, indicator }: ReadItem,
  of: Omit<Parameters<typeof stixIndicator>[0], "item" | "index" | "status">,
): NewObject | undefined {
  const item: Item = indicator;
  const reason = cleanText(item.description ?? of.title, MAX_REASON);
  const object = stixIndicator({ ...of, item, index, status: "effective" }, reason);
  return object === undefined ? undefined : written(object);
}

function written(object: StatedObject): NewObject {
  return { id: object.id, version: object["modified"] as string, bytes: utf8(canonicalJson(object)) };
}
