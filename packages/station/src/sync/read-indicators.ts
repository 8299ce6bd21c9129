import { type Bytes, type Result, sha256 } from "@detente/basics";
import {
  indicatorsIn,
  type Item,
  markingOf,
  readStixObject,
  type StixObject,
  versionOf,
  wordsOfObject,
} from "@detente/intel";
import type { Collection, Indicator, ObjectsContent, ReadItem, ReadObject, Tlp } from "@detente/record";
import { type BlobReader, turn } from "@detente/store";
import type { Shared } from "./indexer.ts";
import { textOfItem } from "./index-items.ts";
import { readObjects, readShare } from "./read-share.ts";

/** An indicator, and the item that it is or the object that names it. */
export interface FoundIndicator {
  readonly index: number;
  readonly indicator: Indicator;
  /** The strictest label on the object that names it, where it has one. */
  readonly tlp?: Tlp;
  /** Where that object has a marking whose definition is not at hand: nobody can say whom it excludes. */
  readonly isUnclear?: true;
}

/** What is written of an item or an object, a line each. */
interface FoundWords {
  readonly index: number;
  readonly text: string;
}

/** An object that has versions, by the one that counts in this share. */
export interface FoundVersion {
  readonly index: number;
  readonly object: string;
  readonly version: string;
  /** SHA-256 of its bytes. */
  readonly content: Bytes;
  readonly isRevoked: boolean;
}

export interface FoundInShare {
  readonly items: readonly FoundIndicator[];
  readonly words: readonly FoundWords[];
  readonly versions: readonly FoundVersion[];
  /** How many items or objects of the share, from the first one on, have been looked at with these. */
  readonly reached: number;
}

/** Those of TLP are known by their ids. */
const NO_DEFINITIONS: ReadonlyMap<string, never> = new Map<string, never>();

/** Objects between two turns of everybody else: some milliseconds. */
const AT_ONCE = 50;
/** Items or objects that are given at once: to index as many takes some ten milliseconds. */
const GIVEN_AT_ONCE = 100;

/**
 * The indicators of a share, verified: only once all of it was found right, it is read again and given. Of an object
 * that the share has in several versions the newest one counts (STIX 2.1 §3.6), of several that call themselves equally
 * new the last; what the author's other shares say of it is another matter. `undefined` where the blob is not here, or reading
 * was ended.
 * @param take given all indicators of an object at once, and the words of those and of objects that name none
 * @param signal ends it
 */
export async function readIndicators(
  blobs: BlobReader,
  share: Shared,
  take: (found: FoundInShare) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<Result<Collection> | undefined> {
  if (share.kind === "share") {
    const read = await readShare(blobs, share.content, undefined, signal);
    if (read?.ok !== true) return read;
    const takeAll = async (all: readonly ReadItem[]): Promise<void> => {
      for (const items of inPieces(all)) {
        const words = items.map(({ index, indicator }) => ({ index, text: textOfItem(indicator) }));
        await take({ items, words, versions: [], reached: endOf(items) });
        await turn();
      }
    };
    return readShare(blobs, share.content, takeAll, signal);
  }
  let items: FoundIndicator[] = [];
  let words: FoundWords[] = [];
  let versions: FoundVersion[] = [];
  return readNewest(
    blobs,
    share.content,
    (object, index) => {
      const { tlp, unknown } = markingOf(object.view, NO_DEFINITIONS);
      const marked = {
        ...(tlp === undefined ? {} : { tlp }),
        ...(unknown.length === 0 ? {} : { isUnclear: true as const }),
      };
      for (const indicator of indicatorsIn(object)) items.push({ index, indicator, ...marked });
      words.push({ index, text: wordsOfObject(object) });
      const version = versionOf(object);
      if (version === undefined) return;
      const isRevoked = object.view["revoked"] === true;
      versions.push({ index, object: object.id, version, content: sha256(object.bytes), isRevoked });
    },
    async (reached) => {
      await take({ items, words, versions, reached });
      items = [];
      words = [];
      versions = [];
    },
    signal,
  );
}

/**
 * The well-formed objects of a share, verified, of each the newest version: only once all of it was found right, it is
 * read again and given.
 * @param pause called after each piece of the share, with how many of its objects have been read
 */
export async function readNewest(
  blobs: BlobReader,
  content: ObjectsContent,
  see: (object: StixObject, index: number) => void,
  pause: (reached: number) => void | Promise<void> = () => undefined,
  signal?: AbortSignal,
): Promise<Result<Collection> | undefined> {
  const newest = new Newest();
  const seeAll = (objects: readonly ReadObject[]): Promise<void> =>
    eachObject(objects, (object, index) => newest.see(object, index));
  const read = await readObjects(blobs, content, seeAll, signal);
  if (read?.ok !== true) return read;
  const takeAll = async (objects: readonly ReadObject[]): Promise<void> => {
    for (const piece of inPieces(objects)) {
      await eachObject(piece, (object, index) => {
        if (newest.is(object, index)) see(object, index);
      });
      await pause(endOf(piece));
    }
  };
  return readObjects(blobs, content, takeAll, signal);
}

function endOf(piece: readonly { readonly index: number }[]): number {
  return (piece.at(-1)?.index ?? -1) + 1;
}

function* inPieces<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += GIVEN_AT_ONCE) yield list.slice(at, at + GIVEN_AT_ONCE);
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

/** Which version of each object is the newest of those seen: of equal ones the last. */
class Newest {
  readonly #places = new Map<string, { readonly version: string; readonly index: number }>();

  see(object: StixObject, index: number): void {
    const version = versionOf(object);
    if (version === undefined) return;
    const known = this.#places.get(nameOf(object));
    if (known === undefined || known.version <= version) this.#places.set(nameOf(object), { version, index });
  }

  is(object: StixObject, index: number): boolean {
    return versionOf(object) === undefined || this.#places.get(nameOf(object))?.index === index;
  }
}

/** Letters of a UUID mean the same in either case (RFC 9562 §4). */
function nameOf({ id }: StixObject): string {
  return id.toLowerCase();
}
