import { type Bytes, fromHex, present, type Result } from "@detente/basics";
import {
  type Collection,
  ItemsReader,
  type ObjectsContent,
  ObjectsReader,
  type ReadItem,
  type ReadObject,
  type ShareContent,
} from "@detente/record";
import { type BlobReader, turn } from "@detente/store";

/**
 * Reads and verifies the items of a share piece by piece, so that all else goes on meanwhile: a share may have a
 * million, and reading these at once takes half a minute. `undefined` where the blob is not here, or reading was ended.
 * @param take given the items as they are read, before it is known whether those to come are right
 * @param signal ends it
 */
export async function readShare(
  blobs: BlobReader,
  content: ShareContent,
  take: (items: readonly ReadItem[]) => void | Promise<void> = () => undefined,
  signal?: AbortSignal,
): Promise<Result<Collection> | undefined> {
  return readBlob(blobs, content, new ItemsReader(content), take, signal);
}

/** The same of a share of objects. */
export async function readObjects(
  blobs: BlobReader,
  content: ObjectsContent,
  take: (objects: readonly ReadObject[]) => void | Promise<void> = () => undefined,
  signal?: AbortSignal,
): Promise<Result<Collection> | undefined> {
  return readBlob(blobs, content, new ObjectsReader(content), take, signal);
}

interface Reader<T> {
  push(chunk: Bytes): Result<readonly T[]>;
  end(): Result<Collection>;
}

async function readBlob<T>(
  blobs: BlobReader,
  content: ShareContent | ObjectsContent,
  reader: Reader<T>,
  take: (some: readonly T[]) => void | Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Result<Collection> | undefined> {
  const blob = await blobs.get(digestOf(content));
  if (blob === undefined) return undefined;
  for await (const chunk of blob.content) {
    if (signal?.aborted === true) return undefined;
    const some = reader.push(chunk);
    if (!some.ok) return some;
    await take(some.value);
    await turn();
  }
  return reader.end();
}

/** Lines of a share's blob by the index of their item, without looking at the others; the blob was verified when it came. */
export async function itemLines(
  blobs: BlobReader,
  content: ShareContent,
  indexes: ReadonlySet<number>,
): Promise<Map<number, Bytes>> {
  const found = new Map<number, Bytes>();
  const blob = await blobs.get(digestOf(content));
  if (blob === undefined || indexes.size === 0) return found;
  // The first line is the blob's header.
  let index = -1;
  let pieces: Bytes[] = [];
  for await (const chunk of blob.content) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      if (indexes.has(index)) found.set(index, new Uint8Array(Buffer.concat([...pieces, chunk.subarray(start, end)])));
      pieces = [];
      start = end + 1;
      index++;
    }
    if (found.size === indexes.size) break;
    if (indexes.has(index)) pieces.push(new Uint8Array(chunk.subarray(start)));
    await turn();
  }
  return found;
}

/** All lines of a share's blob but its header, with the indexes of their items; the blob was verified when it came. */
export async function* allLines(
  blobs: BlobReader,
  content: ShareContent,
): AsyncGenerator<readonly { readonly index: number; readonly line: string }[]> {
  const blob = await blobs.get(digestOf(content));
  if (blob === undefined) return;
  const decoder = new TextDecoder();
  let rest = "";
  let index = -1;
  for await (const chunk of blob.content) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield lines.map((line) => ({ index: index++, line })).filter((one) => one.index >= 0);
  }
}

const LINE_FEED = 0x0a;

function digestOf({ items }: ShareContent | ObjectsContent): Bytes {
  return present(fromHex(items.digest), "a digest in hex");
}
