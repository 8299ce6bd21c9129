import { type Result } from "@detente/basics";
import { compareTimestamps, indicatorsIn, type Item, readStixObject, type StixObject } from "@detente/intel";
import type { Collection, Indicator, ObjectsContent, ReadObject } from "@detente/record";
import type { BlobReader } from "@detente/store";
import { turn } from "../turn.ts";
import type { Shared } from "./indexer.ts";
import { readObjects, readShare } from "./read-share.ts";

/** An indicator, and the item that it is or the object that names it. */
export interface FoundIndicator {
  readonly index: number;
  readonly indicator: Indicator;
}

/** Objects between two turns of everybody else: some milliseconds. */
const AT_ONCE = 50;

/**
 * The indicators of a share, verified: only once all of it was found right, it is read again and given. Of an object
 * that the share has in several versions the newest one counts (STIX 2.1 §3.6). `undefined` where the blob is not here.
 * @param take given all indicators of an object at once
 */
export async function readIndicators(
  blobs: BlobReader,
  share: Shared,
  take: (items: readonly FoundIndicator[]) => void | Promise<void>,
): Promise<Result<Collection> | undefined> {
  if (share.kind === "share") {
    const read = await readShare(blobs, share.content);
    return read?.ok === true ? readShare(blobs, share.content, take) : read;
  }
  const newest = new Newest();
  const read = await readObjects(blobs, share.content, (objects) =>
    eachObject(objects, (object) => newest.see(object)),
  );
  if (read?.ok !== true) return read;
  return readObjects(blobs, share.content, async (objects) => {
    const found: FoundIndicator[] = [];
    await eachObject(objects, (object, index) => {
      if (!newest.is(object)) return;
      for (const indicator of indicatorsIn(object)) found.push({ index, indicator });
    });
    await take(found);
  });
}

/** The objects of a share that are well-formed: its author may have put in anything. */
export async function eachObject(
  objects: readonly ReadObject[],
  see: (object: StixObject, index: number) => void,
): Promise<void> {
  for (const [i, { index, bytes }] of objects.entries()) {
    const object = readStixObject(bytes);
    if (object.ok) see(object.value, index);
    if (i % AT_ONCE === AT_ONCE - 1) await turn();
  }
}

/** The indicators that one object of a share names. */
export async function indicatorsOfObjects(
  blobs: BlobReader,
  content: ObjectsContent,
  wanted: ReadonlySet<number>,
): Promise<Map<number, Item[]>> {
  const found = new Map<number, Item[]>();
  await readObjects(blobs, content, (objects) =>
    eachObject(
      objects.filter(({ index }) => wanted.has(index)),
      (object, index) => void found.set(index, indicatorsIn(object)),
    ),
  );
  return found;
}

/** Which version of each object is the newest of those seen. */
class Newest {
  readonly #versions = new Map<string, string>();

  see({ id, view }: StixObject): void {
    const version = view["modified"];
    if (typeof version !== "string") return;
    const known = this.#versions.get(id);
    if (known === undefined || compareTimestamps(known, version) < 0) this.#versions.set(id, version);
  }

  is({ id, view }: StixObject): boolean {
    const version = view["modified"];
    return typeof version !== "string" || compareTimestamps(this.#versions.get(id) ?? version, version) === 0;
  }
}
